package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LocalVolumesTest {
    private static final String FLEET = """
            servers:
              - { name: annex2, hostname: annex2.example.org, port: 10022, data: /srv/holdfast }
              - { name: annex3, hostname: annex3.example.org, port: 10022, data: /srv/holdfast }
            clients:
              - { name: production, backup: [orderly], volume_root: /srv/volumes }
              - { name: uat, restore: [annex2/barman_recover] }
              - { name: science, restore: [production/orderly] }
            volumes:
              - { name: orderly }
              - { name: barman_recover, local: true, path: /srv/recover, exclude: ["*.tmp"], consistency: stop }
              - { name: scratch, local: true }
            """;

    @Test
    void noClientBacksThemUpAndTheHintSaysWhatTakesThemFromTheServer() {
        assertThatThrownBy(() -> Fixtures.valid(FLEET).forHost("uat").backedUp("barman_recover"))
                .isInstanceOfSatisfying(HoldfastException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo(ProblemCode.DENIED);
                    assertThat(e.problem().message()).contains("it lies on the server");
                    assertThat(e.problem().hint())
                            .contains("`holdfast restore barman_recover --server annex2|annex3`")
                            .doesNotContain("`backup` list");
                });
    }

    @Test
    void areReadByTheRulesOfTheVolumeAlone() {
        LocalVolumes locals = Fixtures.valid(FLEET).locals();

        assertThat(locals.names()).containsExactly("barman_recover", "scratch");
        assertThat(locals.contains("orderly")).isFalse();
        HostVolume volume = locals.volume("barman_recover");
        assertThat(volume.path().value()).hasValue(Path.of("/srv/recover"));
        assertThat(volume.path().origin()).hasToString("holdfast.yaml:10");
        assertThat(volume.exclude().value()).containsExactly("*.tmp");
        assertThat(volume.consistency().value()).isEqualTo(Consistency.STOP);
        assertThat(locals.volume("scratch").path().value())
                .as("asked of the container engine")
                .isEmpty();
    }

    @Test
    void haveARealmOfTheirOwnOnEachServerForThoseWhoMayRestoreOne() {
        Configuration configuration = Fixtures.valid(FLEET);

        assertThat(configuration.locals().realms())
                .containsExactly(
                        new Realm("local-annex2", Realm.ServerRole.TRUSTED, List.of("uat")),
                        new Realm("local-annex3", Realm.ServerRole.TRUSTED, List.of()));
        assertThat(configuration.locals().realmsOf("uat"))
                .extracting(Realm::name)
                .containsExactly("local-annex2");
        assertThat(configuration.realmOfSource("annex2")).map(Realm::name).hasValue("local-annex2");
        assertThat(configuration.realmOfSource("uat")).map(Realm::name).hasValue("default");
        assertThat(configuration.realms())
                .as("the realm of the clients is sealed as ever")
                .containsExactly(
                        new Realm("default", Realm.ServerRole.SEALED, List.of("production", "uat", "science")));
    }

    @Test
    void withoutALocalVolumeThereIsNoSuchRealm() {
        Configuration configuration = Fixtures.valid(Fixtures.MINIMAL);

        assertThat(configuration.locals().realms()).isEmpty();
        assertThat(configuration.realmOfSource("annex")).isEmpty();
    }

    @Test
    void areRestoredByGrantOrByTheServerThatHasThem() {
        Configuration configuration = Fixtures.valid(FLEET);

        assertThat(configuration.mayRestore("uat", "annex2", "barman_recover")).isTrue();
        assertThat(configuration.mayRestore("uat", "annex2", "scratch")).isFalse();
        assertThat(configuration.mayRestore("uat", "annex3", "barman_recover")).isFalse();
        assertThat(configuration.mayRestore("production", "annex2", "barman_recover"))
                .isFalse();
        assertThat(configuration.mayRestore("annex2", "annex2", "barman_recover"))
                .isTrue();
        assertThat(configuration.mayRestore("annex2", "annex2", "orderly")).isFalse();
        assertThat(configuration.mayRestore("annex3", "annex2", "barman_recover"))
                .isFalse();
    }

    @Test
    void aServerReadsTheClientsOfRealmsWhoseKeyItHasOnly() {
        assertThat(Fixtures.valid(FLEET).mayRestore("annex2", "production", "orderly"))
                .isFalse();
        Configuration trusted = Fixtures.valid(FLEET + "realms: [{ name: open, server: trusted }]\n");
        assertThat(trusted.mayRestore("annex2", "production", "orderly")).isTrue();
    }

    @Test
    void withSeveralRealmsTheServerMustBeGrantedByName() {
        String realms = """
                realms:
                  - { name: one, members: [production] }
                  - { name: two }
                """;
        String fleet = FLEET.replace("restore: [production/orderly]", "restore: []");
        String bare = fleet.replace("annex2/barman_recover", "barman_recover");

        assertThat(Fixtures.valid(bare).mayRestore("uat", "annex2", "barman_recover"))
                .isTrue();
        assertThat(Fixtures.valid(bare + realms).mayRestore("uat", "annex2", "barman_recover"))
                .isFalse();
        assertThat(Fixtures.valid(fleet + realms).mayRestore("uat", "annex2", "barman_recover"))
                .isTrue();
    }

    @Test
    void noOtherRealmMayHaveTheNameOfTheirs() {
        assertThat(Fixtures.read(FLEET + "realms: [{ name: local-annex2 }]\n").problems())
                .singleElement()
                .asString()
                .contains("realm 'local-annex2' is that of the local volumes of server 'annex2'");
    }

    @Test
    void theNameOfAServerMustLeaveRoomForThatOfTheRealm() {
        String longest = "a".repeat(94);
        assertThat(Fixtures.read(FLEET.replace("annex3", longest)).problems()).isEmpty();
        assertThat(Fixtures.read(FLEET.replace("annex3", longest + "a")).problems())
                .singleElement()
                .asString()
                .contains("is too long for one with local volumes");
    }
}
