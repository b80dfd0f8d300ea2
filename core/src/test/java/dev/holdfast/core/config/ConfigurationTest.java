package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationTest {
    private static final String FLEET = """
            servers:
              - { name: annex, hostname: annex.example.org, port: 10022, data: data, quota: 1GiB, listen: "[::1]:2022" }
              - { name: annex2, hostname: 10.0.0.2, port: 22, data_volume: backups }
            clients:
              - name: production
                backup: [orderly, media]
                volume_root: /srv/volumes
                volumes:
                  media:
                    path: /srv/media
                    exclude: []
                limits: { threads: 2 }
                schedule:
                  jobs:
                    - { server: annex, volume: orderly, schedule: "@daily" }
                    - { server: annex2, volume: media, schedule: "30 2 * * 0" }
              - name: uat
                restore: [production/orderly]
              - name: guest
            volumes:
              - { name: orderly, exclude: ["*.log"] }
              - { name: media, exclude: ["*.tmp"], include: [/pictures] }
              - { name: pinned, path: pinned/here }
              - { name: recover, local: true }
            limits: { bandwidth: 20MiB/s, threads: 8 }
            """;

    private static final String EVERY_KEY = """
            servers:
              - { name: annex, hostname: a.example.org, port: 22, data: data, listen: "*:2022", quota: 1GiB,
                  key_volume: keys, data_volume: backups, container: annex }
            clients:
              - name: uat
                backup: [media]
                restore: [media]
                volume_root: /srv/volumes
                volumes: { media: { path: /srv/media, include: [/a], exclude: ["*.b"], consistency: stop,
                  hooks: { before: a, after: b, on_failure: c, timeout: 1m } } }
                limits: { bandwidth: 1MiB/s, threads: 2, memory: 100MiB }
                schedule:
                  jobs: [{ server: annex, volume: media, schedule: "@daily" }]
                  time_zone: Europe/London
                  catch_up: false
                  splay: 5m
                  window: 22:00-06:00
                  port: 8080
                  listen: "127.0.0.1:8081"
                  container: schedule
                remote: restore
                key_volume: keys
                container: uat
            volumes:
              - { name: media, local: false, path: /x, include: [/c], exclude: ["*.d"], consistency: pause,
                  hooks: { before: d, after: e, on_failure: f, timeout: 2h } }
            realms: [{ name: ours, server: trusted, members: [uat] }]
            operators: [olga]
            readers: [rita]
            limits: { bandwidth: 2MiB/s, threads: 3, memory: 200MiB }
            time_zone: UTC
            keys: k
            vault: { url: "https://v", prefix: /secret/x, token: t, role_id: r, secret_id: s, namespace: n, ca: ca.pem }
            notify:
              - { name: hook, webhook: { url: "https://h/x", method: PUT, headers: { A: b }, template: "{}", ca: ca.pem },
                  on: [failed], servers: [annex], hosts: [uat], volumes: [media] }
              - { name: phone, ntfy: { url: "https://n", topic: t, token: t, priority: low, ca: ca.pem } }
              - { name: check, healthchecks: { url: "https://c/x", start: true, ca: ca.pem } }
              - { name: mail, email: { to: a@example.org, from: b@example.org, host: m, port: 2525, tls: none, user: u,
                  password: p, ca: ca.pem } }
              - { name: post, email: { to: a@example.org, host: m, user: u, password_file: p } }
            watch: { grace: 2h, remind: 48h, space: 1GiB, digest: { on: friday, at: "16:00" } }
            tag: latest
            """;

    @Test
    void readsEverythingThatIsWritten() {
        Configuration configuration = Fixtures.valid(FLEET);
        Server annex = configuration.server("annex");
        assertThat(annex.data()).hasValue(Path.of("data").toAbsolutePath());
        assertThat(annex.quota()).hasValue(1L << 30);
        assertThat(annex.listening()).hasToString("[::1]:2022");
        Server second = configuration.server("annex2");
        assertThat(second.data()).isEmpty();
        assertThat(second.dataVolume()).hasValue("backups");
        assertThat(second.listening()).hasToString("*:22");
        assertThat(configuration.keys()).isEqualTo(Path.of("keys").toAbsolutePath());
        assertThat(configuration.machines()).containsExactly("annex", "annex2", "production", "uat", "guest");
        assertThat(configuration.findVolume("recover"))
                .get()
                .extracting(Volume::local)
                .isEqualTo(true);
    }

    @Test
    void theNearestWordDecidesAndIsNamed() {
        Configuration configuration = Fixtures.valid(FLEET);
        HostConfiguration host = configuration.forHost("production");
        assertThat(host.volumes()).extracting(HostVolume::name).containsExactly("orderly", "media");
        HostVolume orderly = host.volumes().get(0);
        assertThat(orderly.path().value()).hasValue(Path.of("/srv/volumes/orderly"));
        assertThat(orderly.path().origin()).hasToString("holdfast.yaml:7");
        assertThat(orderly.exclude().value()).containsExactly("*.log");
        assertThat(orderly.exclude().origin()).hasToString("holdfast.yaml:21");
        HostVolume media = host.volumes().get(1);
        assertThat(media.path().value()).hasValue(Path.of("/srv/media"));
        assertThat(media.path().origin()).hasToString("holdfast.yaml:10");
        assertThat(media.exclude().value()).as("an empty list here overrides").isEmpty();
        assertThat(media.exclude().origin()).hasToString("holdfast.yaml:11");
        assertThat(media.include().value()).containsExactly("/pictures");
        assertThat(media.filter().excluded("pictures/a.tmp", false)).isFalse();
        assertThat(media.filter().excluded("other", true)).isTrue();
        HostVolume pinned = host.volume("pinned");
        assertThat(pinned.path().value()).hasValue(Path.of("pinned/here").toAbsolutePath());
        assertThat(host.volume("brand_new").path().value()).hasValue(Path.of("/srv/volumes/brand_new"));
        assertThat(configuration.forHost("uat").volume("orderly").path().value())
                .isEmpty();
        assertThat(configuration.forHost("uat").volume("orderly").path().origin())
                .hasToString("default");
    }

    @Test
    void limitsOfTheHostComeFirstEachByItself() {
        Configuration configuration = Fixtures.valid(FLEET);
        HostConfiguration production = configuration.forHost("production");
        assertThat(production.threads().value()).hasValue(2);
        assertThat(production.threads().origin()).hasToString("holdfast.yaml:12");
        assertThat(production.bandwidth().value().at(LocalTime.NOON)).hasValue(20L << 20);
        assertThat(production.bandwidth().origin()).hasToString("holdfast.yaml:25");
        assertThat(production.memory().value()).isEmpty();
        assertThat(production.memory().origin().isDefault()).isTrue();
        assertThat(configuration.forHost("uat").threads().value()).hasValue(8);
        assertThat(production.limits().threads()).hasValue(2);
    }

    @Test
    void jobsKnowTheirLine() {
        List<Setting<Job>> jobs = Fixtures.valid(FLEET).forHost("production").jobs();
        assertThat(jobs).hasSize(2);
        assertThat(jobs.get(1).value().schedule().text()).isEqualTo("30 2 * * 0");
        assertThat(jobs.get(1).origin()).hasToString("holdfast.yaml:16");
    }

    @Test
    void restoringOntoAnotherHostNeedsAGrant() {
        Configuration configuration = Fixtures.valid(FLEET);
        assertThat(configuration.restoreIsUnrestricted()).isFalse();
        assertThat(configuration.mayRestore("uat", "production", "orderly")).isTrue();
        assertThat(configuration.mayRestore("uat", "production", "media")).isFalse();
        assertThat(configuration.mayRestore("guest", "production", "orderly")).isFalse();
        assertThat(configuration.mayRestore("guest", "guest", "anything"))
                .as("its own")
                .isTrue();
        assertThat(configuration.mayRestore("stranger", "stranger", "orderly")).isFalse();
        assertThat(configuration.mayRestore("annex", "production", "orderly"))
                .as("a server is no client")
                .isFalse();
        assertThat(configuration.mayRestore("uat", "production", "../orderly")).isFalse();
    }

    @Test
    void withoutAnyGrantInTheFileEverythingMayBeRestored() {
        Configuration configuration = Fixtures.valid(FLEET.replace("    restore: [production/orderly]\n", ""));
        assertThat(configuration.restoreIsUnrestricted()).isTrue();
        assertThat(configuration.mayRestore("uat", "production", "media")).isTrue();
        assertThat(configuration.mayRestore("uat", "annex", "recover")).isTrue();
        assertThat(configuration.mayRestore("stranger", "production", "media")).isFalse();
    }

    @Test
    void anEmptyGrantListRestricts() {
        Configuration configuration = Fixtures.valid(FLEET.replace("[production/orderly]", "[]"));
        assertThat(configuration.restoreIsUnrestricted()).isFalse();
        assertThat(configuration.mayRestore("uat", "production", "orderly")).isFalse();
    }

    @Test
    void grantsMayBePatterns() {
        Configuration bare = Fixtures.valid(FLEET.replace("production/orderly", "orderly"));
        assertThat(bare.mayRestore("uat", "production", "orderly")).isTrue();
        assertThat(bare.mayRestore("uat", "guest", "orderly")).isTrue();
        assertThat(bare.mayRestore("uat", "guest", "media")).isFalse();
        Configuration wild = Fixtures.valid(FLEET.replace("production/orderly", "\"prod*/*\""));
        assertThat(wild.mayRestore("uat", "production", "media")).isTrue();
        assertThat(wild.mayRestore("uat", "guest", "media")).isFalse();
    }

    @Test
    void withoutRealmsThereIsOneThatServersCannotRead() {
        Realm realm = Fixtures.valid(FLEET).realmOf("uat");
        assertThat(realm.name()).isEqualTo("default");
        assertThat(realm.serverTrusted()).isFalse();
        assertThat(realm.members()).containsExactly("production", "uat", "guest");
        assertThat(Fixtures.valid(FLEET).forHost("uat").realm().origin()).hasToString("default");
    }

    @Test
    void aRealmWithoutMembersTakesEveryoneElseAndNothingCrossesRealms() {
        String realms = "realms:\n  - { name: tenant, members: [guest] }\n  - { name: ours, server: trusted }\n";
        Configuration configuration = Fixtures.valid(FLEET + realms);
        assertThat(configuration.realmOf("guest").name()).isEqualTo("tenant");
        assertThat(configuration.realmOf("uat").members()).containsExactly("production", "uat");
        assertThat(configuration.realmOf("uat").serverTrusted()).isTrue();
        Configuration open = Fixtures.valid(FLEET.replace("    restore: [production/orderly]\n", "") + realms);
        assertThat(open.mayRestore("uat", "production", "media")).isTrue();
        assertThat(open.mayRestore("guest", "production", "media")).isFalse();
        assertThat(open.mayRestore("guest", "annex", "recover"))
                .as("belongs to no realm")
                .isFalse();
        Configuration wild = Fixtures.valid(FLEET.replace("[production/orderly]", "['*', annex/recover]") + realms);
        assertThat(wild.mayRestore("uat", "guest", "media")).isFalse();
        assertThat(wild.mayRestore("uat", "removed", "media")).isFalse();
        assertThat(wild.mayRestore("uat", "annex", "recover")).isTrue();
        assertThat(wild.mayRestore("uat", "annex2", "recover")).isFalse();
    }

    @Test
    void anUnknownNameIsAProblemThatNamesTheNearest() {
        Configuration configuration = Fixtures.valid(FLEET);
        assertThatThrownBy(() -> configuration.server("anex")).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(ProblemCode.NOT_FOUND);
            assertThat(e.problem().message()).startsWith("no server 'anex' in ");
            assertThat(e.problem().hint()).isEqualTo("Did you mean 'annex'?");
        });
        assertThatThrownBy(() -> configuration.forHost("annex")).isInstanceOf(HoldfastException.class);
        assertThatThrownBy(() -> configuration.forHost("uat").volume("../etc")).isInstanceOf(HoldfastException.class);
    }

    @Test
    void showsEveryValueInForceWithItsOrigin() {
        List<String> rows = Fixtures.valid(FLEET).rows().stream()
                .map(row -> row.name() + " = " + row.value() + " (" + row.origin() + ")")
                .toList();
        assertThat(rows)
                .contains(
                        "servers.annex.port = 10022 (holdfast.yaml:2)",
                        "servers.annex.quota = 1GiB (holdfast.yaml:2)",
                        "servers.annex2.data = in the state directory (default)",
                        "clients.production.limits.bandwidth = 20MiB/s (holdfast.yaml:25)",
                        "clients.production.limits.memory = automatic (default)",
                        "clients.production.volumes.media.path = /srv/media (holdfast.yaml:10)",
                        "clients.production.volumes.media.exclude = none (holdfast.yaml:11)",
                        "clients.production.schedule = orderly to annex, @daily (holdfast.yaml:15)",
                        "clients.uat.restore = production/orderly (holdfast.yaml:18)",
                        "clients.uat.realm = default (default)",
                        "realms.default.server = sealed (default)");
    }

    @Test
    void everyKeyOfTheSchemaThatIsSetIsShownWithItsPlace() {
        Map<String, String> shown = new HashMap<>();
        Fixtures.valid(EVERY_KEY).rows().forEach(row -> shown.put(row.name(), row.origin()));
        Map<Section, List<String>> places = Map.ofEntries(
                Map.entry(Section.ROOT, List.of("")),
                Map.entry(Section.SERVER, List.of("servers.annex.")),
                Map.entry(Section.CLIENT, List.of("clients.uat.")),
                Map.entry(Section.OVERRIDE, List.of("clients.uat.volumes.media.")),
                Map.entry(Section.HOOKS, List.of("volumes.media.hooks.", "clients.uat.volumes.media.hooks.")),
                Map.entry(Section.LIMITS, List.of("limits.", "clients.uat.limits.")),
                Map.entry(Section.SCHEDULE, List.of("clients.uat.schedule.")),
                Map.entry(Section.VOLUME, List.of("volumes.media.")),
                Map.entry(Section.REALM, List.of("realms.ours.")),
                Map.entry(Section.VAULT, List.of("vault.")),
                Map.entry(Section.NOTIFY, List.of("notify.hook.")),
                Map.entry(Section.WEBHOOK, List.of("notify.hook.webhook.")),
                Map.entry(Section.NTFY, List.of("notify.phone.ntfy.")),
                Map.entry(Section.HEALTHCHECKS, List.of("notify.check.healthchecks.")),
                Map.entry(Section.EMAIL, List.of("notify.mail.email.")),
                Map.entry(Section.WATCH, List.of("watch.")),
                Map.entry(Section.DIGEST, List.of("watch.digest.")));
        assertThat(places.keySet())
                .as("a job is shown in one row")
                .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.of(Section.JOB)));
        places.forEach((section, names) -> section.keys().stream()
                .filter(key -> key.section().isEmpty() && !key.name().equals("name"))
                .filter(key -> !key.name().equals("password_file")) // in place of a password
                .forEach(key -> assertThat(names)
                        .allSatisfy(name -> assertThat(shown.get(name + key.name()))
                                .as(name + key.name())
                                .startsWith("holdfast.yaml:"))));
        assertThat(shown.get("notify.post.email.password_file")).startsWith("holdfast.yaml:");
        assertThat(Fixtures.valid(EVERY_KEY).rows())
                .anyMatch(row ->
                        row.name().equals("clients.uat.schedule") && row.value().equals("media to annex, @daily"));
    }

    @Test
    void theHooksOfAHostReplaceAllThoseOfTheVolume() {
        String hooks = "hooks: { before: stop it, after: start it }";
        Configuration configuration = Fixtures.valid(
                FLEET.replace("path: /srv/media\n", "path: /srv/media\n        hooks: { on_failure: tell }\n")
                        .replace("include: [/pictures] }", "include: [/pictures], " + hooks + " }")
                        .replace("{ name: orderly,", "{ name: orderly, " + hooks + ","));
        HostConfiguration production = configuration.forHost("production");

        Hooks ofVolume = production.volume("orderly").hooks().value();
        assertThat(ofVolume.before()).hasValue("stop it");
        assertThat(ofVolume.after()).hasValue("start it");
        assertThat(ofVolume.onFailure()).isEmpty();
        assertThat(ofVolume.timeout()).isEqualTo(Duration.ofMinutes(30));
        assertThat(production.volume("media").hooks().value())
                .isEqualTo(new Hooks(Optional.empty(), Optional.empty(), Optional.of("tell"), Duration.ofMinutes(30)));
        assertThat(production.volume("pinned").hooks().value()).isEqualTo(Hooks.NONE);
    }

    @Test
    void findsTheFileInAFolder(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> ConfigurationFiles.locate(folder))
                .isInstanceOf(HoldfastException.class)
                .hasMessage("neither holdfast.yaml nor privateer.json in " + folder);
        Path privateer = Files.writeString(folder.resolve("privateer.json"), "{}");
        assertThat(ConfigurationFiles.locate(folder)).isEqualTo(privateer);
        Path own = Files.writeString(folder.resolve("holdfast.yaml"), Fixtures.MINIMAL);
        assertThat(ConfigurationFiles.locate(folder)).isEqualTo(own);
        assertThat(ConfigurationFiles.locate(privateer)).isEqualTo(privateer);
        assertThat(ConfigurationReader.read(own).orThrow().file()).isEqualTo(own.toAbsolutePath());
        assertThatThrownBy(() -> ConfigurationFiles.locate(folder.resolve("other.yaml")))
                .hasMessageStartingWith("no configuration at ");
        assertThatThrownBy(() -> ConfigurationReader.read(folder)).isInstanceOf(HoldfastException.class);
    }

    @Test
    void aTokenIsNotShown() {
        Configuration configuration =
                Fixtures.valid(FLEET + "vault: { url: 'https://vault:8200', prefix: /secret/x, token: s.hidden }\n");
        assertThat(configuration.vault().orElseThrow().login().token()).hasValue("s.hidden");
        assertThat(configuration.toString()).doesNotContain("s.hidden");
        assertThat(configuration.rows().toString()).doesNotContain("s.hidden").contains("(set)");
    }
}
