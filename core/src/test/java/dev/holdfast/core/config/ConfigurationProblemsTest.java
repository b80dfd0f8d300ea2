package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each {@code NAME.yaml} in the golden folder is a file with problems, {@code NAME.txt} what is said about it. */
final class ConfigurationProblemsTest {
    private static final Path GOLDEN = Path.of("src", "test", "golden", "config");

    private static final String WITH_NAMES_EVERYWHERE = """
            tag: v1
            servers:
              - { name: annex, hostname: annex.example.org, port: 10022, data: /srv/holdfast }
            clients:
              - name: production
                backup: [data]
                restore: [annex/data, production/data]
                volumes: { data: { path: /srv/data } }
                schedule: { jobs: [ { server: annex, volume: data, schedule: "@daily" } ] }
            volumes:
              - name: data
            realms:
              - { name: all, members: [production] }
            """;

    static List<Path> badFiles() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            return files.filter(file -> !file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void everyProblemOfTheFileIsToldAtOnce(Path file) throws IOException {
        Reading reading = ConfigurationReader.read(Path.of("holdfast.yaml"), Files.readAllBytes(file));
        String told = ConfigurationProblem.render(reading.problems()) + "\n";
        Path golden = GOLDEN.resolve(file.getFileName().toString().replaceFirst("\\.\\w+$", ".txt"));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, told);
        }
        assertThat(reading.configuration()).isEmpty();
        assertThat(told).isEqualTo(Files.readString(golden));
    }

    @Test
    void problemsLookLikeThis() {
        String text =
                Fixtures.MINIMAL.replace("volumes:\n  - name: data", "volumes:\n  - name: data\n    exlude: ['*.tmp']");
        assertThat(ConfigurationProblem.render(Fixtures.read(text).problems())).isEqualTo("""
                        holdfast.yaml:11:5: unknown key 'exlude' in volumes[0]
                           11 |     exlude: ['*.tmp']
                              |     ^^^^^^ did you mean 'exclude'?""");
    }

    @Test
    void oneMisspelledSectionIsOneProblem() {
        for (String section : List.of("servers", "clients", "volumes")) {
            String slip = section.charAt(0) + section.substring(2, 3) + section.charAt(1) + section.substring(3);
            List<ConfigurationProblem> problems = Fixtures.read(
                            WITH_NAMES_EVERYWHERE.replace("\n" + section, "\n" + slip))
                    .problems();
            assertThat(problems)
                    .extracting(ConfigurationProblem::message)
                    .containsExactly("unknown key '" + slip + "' at the top level");
            assertThat(problems.get(0).suggestion()).isEqualTo("did you mean '" + section + "'?");
        }
    }

    @Test
    void whatIsReadUnderItsRightNameIsReadWhole() {
        Reading reading =
                Fixtures.read(Fixtures.MINIMAL.replace("clients:", "cleints:").replace("[data]", "[date]"));
        assertThat(reading.problems())
                .extracting(ConfigurationProblem::message)
                .containsExactly(
                        "unknown key 'cleints' at the top level", "client 'production' backs up unknown volume 'date'");
    }

    @Test
    void namesOfAListThatIsMissingAreNotDoubted() {
        for (String section : List.of("servers", "clients", "volumes")) {
            assertThat(Fixtures.read(WITH_NAMES_EVERYWHERE.replace("\n" + section, "\nelsewhere"))
                            .problems())
                    .extracting(ConfigurationProblem::message)
                    .containsExactlyInAnyOrder(
                            "unknown key 'elsewhere' at the top level",
                            "missing key '" + section + "' at the top level");
        }
    }

    @Test
    void aNumberOutOfRangeIsToldTheNearest() {
        assertThat(suggestion("port: 10022", "port: 70000")).isEqualTo("the nearest possible value is 65535");
        assertThat(suggestion("port: 10022", "port: 0")).isEqualTo("the nearest possible value is 1");
        assertThat(suggestion("port: 10022", "port: -3")).isEqualTo("the nearest possible value is 1");
        assertThat(suggestion("port: 10022", "port: 99999999999999999999"))
                .isEqualTo("the nearest possible value is 65535");
        assertThat(suggestion("port: 10022", "port: '10022'")).isEqualTo("write 10022 without quotes");
        assertThat(suggestion("volumes:", "limits: { threads: 5000 }\nvolumes:"))
                .isEqualTo("the nearest possible value is 1024");
        assertThat(suggestion("volumes:", "limits: { memory: 1MiB }\nvolumes:"))
                .isEqualTo("the nearest possible value is 32MiB");
        assertThat(suggestion("volumes:", "limits: { bandwidth: -1 }\nvolumes:"))
                .isEqualTo("leave it out for no limit");
    }

    @Test
    void aMisspelledRoleIsToldTheRightOne() {
        assertThat(suggestion("volumes:", "realms: [{ name: default, server: trustd }]\nvolumes:"))
                .isEqualTo("did you mean 'trusted'?");
        assertThat(suggestion("volumes:", "realms: [{ name: default, server: true }]\nvolumes:"))
                .isEmpty();
    }

    @Test
    void everySlipIsOneProblemWithAnExample() {
        assertThat(suggestion("data: /srv/holdfast", "data: [a]")).contains("/srv/holdfast");
        assertThat(suggestion("annex.example.org", "'bad host!'")).contains("backup.example.org");
        assertThat(suggestion("port: 10022", "port: 10022\n    listen: nope")).isEqualTo("write 'nope:10022'");
        assertThat(suggestion("port: 10022", "port: 10022\n    listen: '8080'")).startsWith("write '*:8080'");
        assertThat(suggestion("port: 10022", "port: 10022\n    listen: ':'")).isEqualTo("for example '*:10022'");
        assertThat(suggestion("backup: [data]", "backup: [data]\n    restore: [a/b/c]"))
                .contains("production/photos");
        assertThat(suggestion("backup: [data]", "backup: [data]\n    restore: [7]"))
                .contains("quotes");
        assertThat(suggestion("backup: [data]", "backup: [null]")).contains("photos");
        assertThat(suggestion("backup: [data]", "backup: [data, data]")).isEqualTo("remove one");
        assertThat(suggestion("- name: data", "- name: data\n    exclude: ['']"))
                .contains("'*.tmp'");
        assertThat(suggestion("- name: data", "- name: data\n    exclude: '['")).isEqualTo("write ['[']");
        assertThat(suggestion("volumes:", "limits: { threads: 3.5 }\nvolumes:")).isEqualTo("for example 4");
        assertThat(suggestion("volumes:", "vault: { url: 'ftp://h', prefix: p }\nvolumes:"))
                .contains("https://vault.example.org");
        assertThat(suggestion("volumes:", "realms: { name: a }\nvolumes:")).contains("- name: photos");
    }

    @Test
    void aScheduleWithASlipIsToldTheNearestWord() {
        for (List<String> slip : List.of(
                List.of("@dayly", "@daily"),
                List.of("weekly on sonday at 03:00", "sunday"),
                List.of("evry 6 hours", "every"))) {
            assertThat(suggestion(
                            "backup: [data]",
                            "backup: [data]\n    schedule: { jobs: [{ server: annex, volume: data, schedule: '"
                                    + slip.get(0) + "' }] }"))
                    .isEqualTo("did you mean '" + slip.get(1) + "'?");
        }
    }

    @Test
    void aScheduleOfAnotherKindOfCronIsNoSlip() {
        assertThat(suggestionForSchedule("0 2 L * *")).contains("'L' is not a field of the five-field cron");
        assertThat(suggestionForSchedule("0 2 * * 5#2")).contains("'5#2' is not a field");
        assertThat(suggestionForSchedule("MON")).contains("neither five cron fields nor words");
        assertThat(suggestionForSchedule("0 2 * * XON")).doesNotContain("five-field");
    }

    private static String suggestionForSchedule(String schedule) {
        return suggestion(
                "backup: [data]",
                "backup: [data]\n    schedule: { jobs: [{ server: annex, volume: data, schedule: '" + schedule
                        + "' }] }");
    }

    @Test
    void anEmptyFileHasAPlace() {
        assertThat(Fixtures.read("").problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.render()).startsWith("holdfast.yaml:1:1: the file is empty"));
    }

    private static String suggestion(String replaced, String by) {
        List<ConfigurationProblem> problems =
                Fixtures.read(Fixtures.MINIMAL.replace(replaced, by)).problems();
        assertThat(problems).hasSize(1);
        return problems.get(0).suggestion();
    }

    @Test
    void theOffendingTextIsCutOutOfItsLine() {
        String text = Fixtures.MINIMAL.replace("annex.example.org", "'\ud83d\ude00'") + "    exlude: []\n";
        assertThat(Fixtures.read(text).problems())
                .extracting(ConfigurationProblem::offending)
                .containsExactly("'\ud83d\ude00'", "exlude");
    }

    @Test
    void asAnExceptionTheyAreAllInTheMessage() {
        Reading reading = Fixtures.read(
                Fixtures.MINIMAL.replace("port: 10022", "port: ssh").replace("backup: [data]", "backup: [date]"));
        assertThatThrownBy(reading::orThrow).isInstanceOfSatisfying(HoldfastException.class, e -> {
            assertThat(e.problem().code()).isEqualTo(ProblemCode.CONFIG);
            assertThat(e.problem().message())
                    .startsWith("2 problems in holdfast.yaml\n")
                    .contains("holdfast.yaml:4:11: servers[0].port must be a whole number from 1 to 65535, not 'ssh'")
                    .contains("did you mean 'data'?");
        });
    }

    @Test
    void aTokenIsNeverQuoted() {
        for (String vault : List.of(
                "vault: { url: 'http://v', prefix: p, token: s.secret1, tokn: 1 }",
                "vault: { url: 'http://v', prefix: p, \"token\": \"s.secret2\", tokn: 1 }",
                "vault: { url: 'http://v', prefix: p, token: [s.secret3] }",
                "vault: { url: 'http://v', prefix: p, role_id: s.secret8, secret_id: 's.secret9', tokn: 1 }",
                "vault:\n  url: 1\n  prefix: p\n  token: s.secret4: x",
                "vault: { url: 'http://v', prefix: p, token: 's.secret5\n",
                "vault:\n  url: 1\n  prefix: p\n  token: |\n    s.secret6: \tx\n   y: [",
                "vault: { url: 'http://me:secret7@v', prefix: p }")) {
            Reading reading = Fixtures.read(Fixtures.MINIMAL + vault);
            assertThat(reading.problems()).isNotEmpty();
            assertThat(reading.problems().toString()).doesNotContainPattern("secret[0-9]");
        }
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        Reading reading = Fixtures.read(Fixtures.MINIMAL + "\"ta\\eg\u009b\u202ex\": 1\n");
        assertThat(ConfigurationProblem.render(reading.problems())).doesNotContain("\u001b", "\u009b", "\u202e");
    }

    @Test
    void aLongLineIsShownAroundThePlace() {
        String text =
                "{\"servers\":[],\"clients\":[],\"tag\":\"" + "x".repeat(300) + "\",\"volums\":[],\"volumes\":[]}";
        ConfigurationProblem problem = Fixtures.read(text).problems().get(0);
        assertThat(problem.column()).isEqualTo(337);
        assertThat(problem.source()).startsWith("…x").hasSizeLessThan(125);
        assertThat(problem.source().substring(problem.caret(), problem.caret() + problem.width()))
                .isEqualTo("\"volums\"");
    }

    @Test
    void whatIsTooLargeTooDeepOrTooOftenRepeatedIsRefused() {
        assertThat(told("# " + "x".repeat(DocumentParser.MOST_BYTES))).contains("larger than 1 MiB");
        assertThat(told("[".repeat(100_000))).contains("nested more than 32 deep");
        assertThat(told("a: ".repeat(1) + "{a: ".repeat(50_000))).contains("nested more than 32 deep");
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            laughs.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
        }
        assertThat(told(laughs.toString())).contains("more than 50 aliases");
        assertThat(told("servers: &x [*x]\nclients: &y { y: *y }\nvolumes: *x"))
                .contains("servers[0] must be a mapping");
        assertThat(Fixtures.read("x: 1\n".repeat(5000)).problems()).hasSize(Findings.MOST + 1);
    }

    @Test
    void whatIsNotUtf8IsShownWhereItStarts() {
        byte[] bytes = "servers: []\ntag: '\u00e9'\n".getBytes(StandardCharsets.ISO_8859_1);
        Reading reading = ConfigurationReader.read(Path.of("holdfast.yaml"), bytes);
        assertThat(reading.problems().get(0).render()).startsWith("holdfast.yaml:2:7: not UTF-8 from here on\n");
    }

    private static String told(String text) {
        return ConfigurationProblem.render(Fixtures.read(text).problems());
    }
}
