package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code privateer.json} as privateer's users have it, in every shape that privateer takes. */
final class PrivateerTest {
    private static final String TWO_SERVERS = """
            {
                "servers": [
                    {
                        "name": "north",
                        "hostname": "backup.example.org",
                        "port": 10022,
                        "key_volume": "ship_keys",
                        "data_volume": "ship_data",
                        "container": "ship_server"
                    },
                    {
                        "name": "south",
                        "hostname": "backup.example.org",
                        "port": 10022,
                        "key_volume": "ship_keys",
                        "data_volume": "ship_data",
                        "container": "ship_server"
                    }
                ],
                "clients": [
                    {
                        "name": "live",
                        "backup": ["reports", "reports"],
                        "key_volume": "live_keys",
                        "container": "live_client",
                        "schedule": {
                            "port": 8080,
                            "container": "live_scheduler",
                            "jobs": [
                                { "server": "south", "volume": "reports", "schedule": "@daily" },
                                { "server": "north", "volume": "reports", "schedule": "15 4 * * 1-5" }
                            ]
                        }
                    },
                    { "name": "staging", "backup": [] },
                    { "name": "science" }
                ],
                "volumes": [
                    { "name": "reports" },
                    { "name": "recover", "local": true },
                    { "name": "plain", "local": false }
                ],
                "vault": {
                    "url": "https://vault.example.org:8200",
                    "prefix": "/secret/ship/privateer"
                }
            }
            """;

    private static Configuration read(String text) {
        return ConfigurationReader.read(Path.of("privateer.json"), text).orThrow();
    }

    @Test
    void severalServersLocalVolumesKeyVolumesAndSchedulesAreUnderstood() {
        Configuration configuration = read(TWO_SERVERS);
        assertThat(configuration.server("north").data()).isEmpty();
        assertThat(configuration.server("south").dataVolume()).hasValue("ship_data");
        assertThat(configuration.server("south").container()).hasValue("ship_server");
        Client live = configuration.client("live");
        assertThat(live.backup()).containsExactly("reports");
        assertThat(live.keyVolume()).hasValue("live_keys");
        assertThat(live.container()).hasValue("live_client");
        assertThat(live.schedule().orElseThrow().port()).hasValue(8080);
        assertThat(live.schedule().orElseThrow().container()).hasValue("live_scheduler");
        assertThat(live.schedule().orElseThrow().jobs()).hasSize(2);
        assertThat(configuration.vault().orElseThrow().url()).hasToString("https://vault.example.org:8200");
        assertThat(configuration.vault().orElseThrow().prefix()).isEqualTo("/secret/ship/privateer");
        assertThat(configuration.vault().orElseThrow().login().token()).isEmpty();
        assertThat(configuration.restoreIsUnrestricted()).isTrue();
        assertThat(configuration.mayRestore("science", "live", "reports")).isTrue();
        assertThat(configuration.mayRestore("science", "north", "recover")).isTrue();
    }

    @Test
    void itsLocalVolumesAreAskedOfTheServersEngineAndHaveARealmOnEachServer() {
        LocalVolumes locals = read(TWO_SERVERS).locals();
        assertThat(locals.names()).containsExactly("recover");
        assertThat(locals.volume("recover").path().value()).isEmpty();
        List<String> everybody = List.of("live", "staging", "science");
        assertThat(locals.realms())
                .containsExactly(
                        new Realm("local-north", Realm.ServerRole.TRUSTED, everybody),
                        new Realm("local-south", Realm.ServerRole.TRUSTED, everybody));
    }

    @Test
    void aRestoreListOfItsFormGrantsALocalVolumeByItsBareName() {
        Configuration configuration = read(TWO_SERVERS.replace(
                "{ \"name\": \"science\" }", "{ \"name\": \"science\", \"restore\": [\"recover\"] }"));
        assertThat(configuration.mayRestore("science", "south", "recover")).isTrue();
        assertThat(configuration.mayRestore("staging", "south", "recover")).isFalse();
        assertThat(configuration.locals().realmsOf("science")).hasSize(2);
        assertThat(configuration.locals().realmsOf("staging")).isEmpty();
    }

    @Test
    void nullsStandForLeftOutWherePrivateerAllowsThem() {
        Configuration configuration = read(TWO_SERVERS
                .replace("\"port\": 8080", "\"port\": null")
                .replace("{ \"name\": \"science\" }", "{ \"name\": \"science\", \"schedule\": null }")
                .replace("\"/secret/ship/privateer\"", "\"/secret/ship/privateer\", \"token\": null"));
        assertThat(configuration.client("live").schedule().orElseThrow().port()).isEmpty();
        assertThat(configuration.client("science").schedule()).isEmpty();
        assertThat(configuration.vault().orElseThrow().login().token()).isEmpty();
    }

    @Test
    void theRestoreListOfItsExampleGrants() {
        Configuration configuration = read(TWO_SERVERS.replace(
                "{ \"name\": \"science\" }", "{ \"name\": \"science\", \"restore\": [\"reports\"] }"));
        assertThat(configuration.restoreIsUnrestricted()).isFalse();
        assertThat(configuration.mayRestore("science", "live", "reports")).isTrue();
        assertThat(configuration.mayRestore("staging", "live", "reports")).isFalse();
    }

    @Test
    void aTokenMayBeATextOrTheNameOfAVariable() {
        for (String token : new String[] {"s.abcdef", "$VAULT_TOKEN"}) {
            String text = TWO_SERVERS.replace("\"/secret/ship/privateer\"", "\"/p\", \"token\": \"" + token + "\"");
            assertThat(read(text).vault().orElseThrow().login().token()).hasValue(token);
        }
    }

    @Test
    void tagTabsWindowsLinesAndEscapesAreTakenAsTheyCome() {
        String text = TWO_SERVERS
                .replaceFirst("\\{", "{\"tag\": \"v1.2\",")
                .replace("    ", "\t")
                .replace("\n", "\r\n")
                .replace("/secret/ship", "\\/secret\\/sh\\u0069p");
        Configuration configuration = read(text);
        assertThat(configuration.tag()).hasValue("v1.2");
        assertThat(configuration.vault().orElseThrow().prefix()).isEqualTo("/secret/ship/privateer");
    }

    @Test
    void onOneLineAndWithoutBlanksItIsTheSame() {
        assertThat(read(TWO_SERVERS.replaceAll("\\n\\s*", "").replace(": ", ":"))
                        .machines())
                .containsExactly("north", "south", "live", "staging", "science");
    }

    @Test
    void aByteOrderMarkIsNoProblem() {
        assertThat(read("\ufeff" + TWO_SERVERS).machines()).hasSize(5);
    }
}
