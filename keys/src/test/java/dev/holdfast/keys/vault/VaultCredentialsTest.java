package dev.holdfast.keys.vault;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.vault.VaultCredentials.Configured;
import dev.holdfast.keys.vault.VaultCredentials.Kind;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Privateer's rules for the token, and what is beside them. */
final class VaultCredentialsTest {
    private static final Configured NOTHING = new Configured(Optional.empty(), Optional.empty(), Optional.empty());

    private static Configured token(String token) {
        return new Configured(Optional.of(token), Optional.empty(), Optional.empty());
    }

    private static VaultCredentials found(Configured configured, Map<String, String> environment) {
        return VaultCredentials.find(configured, environment).orElseThrow();
    }

    @Test
    void theConfiguredTokenGoesFirstAndMayNameAVariable() {
        Map<String, String> environment = Map.of("VAULT_TOKEN", "hvs.env", "MINE", " hvs.mine\n");
        assertThat(found(token("hvs.given"), environment).secret()).isEqualTo("hvs.given");
        assertThat(found(token("$MINE"), environment).secret()).isEqualTo("hvs.mine");
        assertThat(found(NOTHING, environment).secret()).isEqualTo("hvs.env");
        KeyException unset = failure(() -> found(token("$OTHER"), environment));
        assertThat(unset.reason()).isEqualTo(Reason.MISSING);
        assertThat(unset).hasMessageContaining("environment variable OTHER");
    }

    @Test
    void aTokenOfGithubLogsInByGithubWhereverItStands() {
        for (VaultCredentials credentials : new VaultCredentials[] {
            found(token(VaultStub.GITHUB), Map.of()),
            found(NOTHING, Map.of("VAULT_TOKEN", VaultStub.GITHUB)),
            found(NOTHING, Map.of("VAULT_AUTH_GITHUB_TOKEN", VaultStub.GITHUB)),
            found(NOTHING, Map.of("VAULT_AUTH_GITHUB_TOKEN", "0123456789abcdef")),
            VaultCredentials.typed(VaultStub.GITHUB.toCharArray())
        }) {
            assertThat(credentials.kind()).isEqualTo(Kind.GITHUB);
        }
        assertThat(found(NOTHING, Map.of("VAULT_AUTH_GITHUB_TOKEN", "hvs.x")).kind())
                .isEqualTo(Kind.TOKEN);
        assertThat(found(NOTHING, Map.of("VAULT_TOKEN", "hvs.x", "VAULT_AUTH_GITHUB_TOKEN", VaultStub.GITHUB))
                        .kind())
                .isEqualTo(Kind.TOKEN);
    }

    @Test
    void anAppRoleComesFromTheConfigurationOrTheEnvironment() {
        Map<String, String> environment = Map.of("VAULT_ROLE_ID", "r", "VAULT_SECRET_ID", "s");
        VaultCredentials fromEnvironment = found(NOTHING, environment);
        assertThat(fromEnvironment.kind()).isEqualTo(Kind.APPROLE);
        assertThat(fromEnvironment.role() + fromEnvironment.secret()).isEqualTo("rs");
        VaultCredentials mixed =
                found(new Configured(Optional.empty(), Optional.of("mine"), Optional.empty()), environment);
        assertThat(mixed.role() + mixed.secret()).isEqualTo("mines");
        assertThat(VaultCredentials.find(NOTHING, Map.of("VAULT_ROLE_ID", "r"))).isEmpty();
        assertThat(VaultCredentials.halfOfRole(environment)).isEmpty();
        assertThat(VaultCredentials.halfOfRole(Map.of())).isEmpty();
        assertThat(VaultCredentials.halfOfRole(Map.of("VAULT_ROLE_ID", "r")))
                .hasValue("VAULT_ROLE_ID is set, but VAULT_SECRET_ID is not");
        assertThat(VaultCredentials.halfOfRole(Map.of("VAULT_SECRET_ID", "s")))
                .hasValue("VAULT_SECRET_ID is set, but VAULT_ROLE_ID is not");
        assertThat(VaultCredentials.find(NOTHING, Map.of("VAULT_TOKEN", " "))).isEmpty();
    }

    @Test
    void nothingShowsASecretAndNothingUnusableReachesTheWire() {
        assertThat(found(token("hvs.hidden"), Map.of())).hasToString("VaultCredentials TOKEN");
        assertThat(token("hvs.hidden").toString()).doesNotContain("hidden");
        KeyException broken = failure(() -> found(token("hvs.hidden\nX-Evil: 1"), Map.of()));
        assertThat(broken.toString() + broken.hint()).doesNotContain("hidden");
    }

    @Test
    void whoLogsInGivesTheTokenBackAtTheEnd() throws IOException {
        for (int version = 1; version <= 2; version++) {
            try (VaultStub stub = VaultStub.start(version)) {
                VaultSettings settings =
                        new VaultSettings(stub.url(), "/secret/ship", Optional.empty(), Optional.empty());
                for (Map<String, String> environment : List.of(
                        Map.of("VAULT_ROLE_ID", VaultStub.ROLE, "VAULT_SECRET_ID", VaultStub.SECRET),
                        Map.of("VAULT_AUTH_GITHUB_TOKEN", VaultStub.GITHUB))) {
                    try (VaultKeyStore store =
                            VaultKeyStore.open(settings, found(NOTHING, environment), VaultLimits.impatient())) {
                        store.put(KeyEntry.ssh("alice"), new byte[] {1});
                        assertThat(stub.tokens()).hasSize(2);
                    }
                    assertThat(stub.tokens()).containsExactly(VaultStub.ROOT);
                }
                KeyException refused = failure(() -> VaultKeyStore.open(
                        settings,
                        found(NOTHING, Map.of("VAULT_ROLE_ID", "r", "VAULT_SECRET_ID", "hidden")),
                        VaultLimits.impatient()));
                assertThat(refused.reason()).isEqualTo(Reason.DENIED);
                assertThat(refused).hasMessageContaining("approle login").hasMessageNotContaining("hidden");
            }
        }
    }
}
