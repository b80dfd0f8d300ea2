package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The reader, the schema for editors and the guide for operators say the same. */
final class SchemaTest {
    private static final Path DOCS = Path.of("..", "docs");

    /** Values of every kind, some possible for one key, some for another, some for none. */
    private static final List<String> VALUES = List.of(
            "text",
            "\"not a name!\"",
            "7",
            "0",
            "-1",
            "70000",
            "1.5",
            "true",
            "yes",
            "null",
            "''",
            "' '",
            "[]",
            "[text]",
            "[7]",
            "[null]",
            "[a/b]",
            "[a/b/c]",
            "['!x']",
            "{}",
            "{ x: 1 }",
            "{ text: {} }",
            "{ text: { path: 7 } }",
            "{ '../x': {} }",
            "20MiB/s",
            "512MiB",
            "20Mb",
            "12 parsecs",
            "40000000",
            "10.0.0.1:22",
            "'[::1]:22'",
            "'nowhere:'",
            "https://vault:8200",
            "ftp://vault",
            "'@daily'",
            "every 6 hours",
            "5m",
            "90 s",
            "'22:00-06:00'",
            "Europe/London",
            "0 2 * * *",
            "trusted",
            "sealed",
            "'10022'",
            "{ jobs: [] }",
            "ops@example.org",
            "[ops@example.org]",
            "[ops@example.org, nobody]",
            "$HOOK",
            "file:hook",
            "'file:'",
            "'https://hook/x#y'",
            "[failed, digest]",
            "[fialed]",
            "PUT",
            "put",
            "high",
            "starttls",
            "monday",
            "'08:30'",
            "'8:30'",
            "'24:30'",
            "['prod*']",
            "{ X-Token: secret }",
            "{ 'a b': secret }",
            "'{\"text\": \"{{title}}\"}'",
            "{ url: 'https://hook' }",
            "{ to: ops@example.org, host: mail }",
            "{ threads: 3 }",
            "{ threads: none }",
            "{ '22:00-06:00': 1MiB/s, otherwise: unlimited }",
            "{ '22:00-06:00': fast }",
            "[[text]]",
            "[{}]");

    private static Schema schema() throws IOException {
        return new Schema(Files.readString(DOCS.resolve("holdfast.schema.json")));
    }

    private static Map<?, ?> of(Schema schema, Section section) {
        return section == Section.ROOT
                ? schema.root()
                : schema.definition(section.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void readerAndSchemaKnowTheSameKeysAndNeedTheSame() throws IOException {
        Schema schema = schema();
        for (Section section : Section.values()) {
            Map<?, ?> definition = of(schema, section);
            Map<?, ?> properties = (Map<?, ?>) Objects.requireNonNull(definition.get("properties"));
            List<Object> names =
                    section.keys().stream().<Object>map(Section.Key::name).toList();
            assertThat(new ArrayList<Object>(properties.keySet()))
                    .as(section.name())
                    .containsExactlyInAnyOrderElementsOf(names);
            List<Object> needed = section.keys().stream()
                    .filter(Section.Key::required)
                    .<Object>map(Section.Key::name)
                    .toList();
            List<?> required = definition.get("required") instanceof List<?> list ? list : List.of();
            assertThat(new ArrayList<Object>(required)).as(section.name()).containsExactlyInAnyOrderElementsOf(needed);
            assertThat(properties.values())
                    .allSatisfy(
                            p -> assertThat(((Map<?, ?>) p).get("description")).isNotNull());
            assertThat(definition.get("additionalProperties")).isEqualTo(false);
        }
    }

    @Test
    void readerAndSchemaAcceptTheSameValuesForEveryKey() throws IOException {
        Schema schema = schema();
        List<String> different = new ArrayList<>();
        for (Section section : Section.values()) {
            for (Section.Key key : section.keys()) {
                for (String value : VALUES) {
                    String text = document(section, key.name() + ": " + value, key.name());
                    boolean read = Fixtures.read(text).problems().stream().noneMatch(SchemaTest::ofShape);
                    if (schema.accepts(Schema.yaml(text)) != read) {
                        different.add(section + "." + key.name() + ": " + value + (read ? " is read" : " is not read"));
                    }
                }
            }
        }
        assertThat(different).isEmpty();
    }

    /** All but what a schema cannot see: names against names, and what schedules, patterns and sizes with units amount to. */
    private static boolean ofShape(ConfigurationProblem problem) {
        String message = problem.message();
        return (message.contains("must be") && !message.matches(".*must be at least .* not '.*"))
                || message.contains("unknown key")
                || message.contains("missing key");
    }

    /** A document in which one section has one key, beside what that section needs. */
    private static String document(Section section, String given, String key) {
        StringBuilder block = new StringBuilder("{ " + given);
        for (Section.Key other : section.keys()) {
            if (other.required() && !other.name().equals(key)) {
                block.append(", ").append(other.name()).append(": ").append(needed(section, other.name()));
            }
        }
        if (section == Section.SERVER && !key.equals("data_volume") && !key.equals("data")) {
            block.append(", data: /x");
        }
        if (section == Section.NOTIFY
                && !List.of("webhook", "ntfy", "healthchecks", "email").contains(key)) {
            block.append(", webhook: 'https://x'");
        }
        String text = block.append(" }").toString();
        return switch (section) {
            case ROOT -> text;
            case SERVER -> "{ servers: [" + text + "], clients: [], volumes: [] }";
            case CLIENT -> client("name: c").replace("name: c", text.substring(1, text.length() - 1));
            case VOLUME -> "{ servers: [], clients: [], volumes: [" + text + "] }";
            case REALM -> "{ servers: [], clients: [], volumes: [], realms: [" + text + "] }";
            case LIMITS -> client("name: c, limits: " + text);
            case VAULT -> "{ servers: [], clients: [], volumes: [], vault: " + text + " }";
            case SCHEDULE -> client("name: c, schedule: " + text);
            case JOB -> client("name: c, schedule: { jobs: [" + text + "] }");
            case HOOKS -> client("name: c, volumes: { v: { hooks: " + text + " } }");
            case NOTIFY -> channel(text);
            case WEBHOOK -> channel("{ webhook: " + text + " }");
            case NTFY -> channel("{ ntfy: " + text + " }");
            case HEALTHCHECKS -> channel("{ healthchecks: " + text + " }");
            case EMAIL -> channel("{ email: " + text + " }");
            case WATCH -> "{ servers: [], clients: [], volumes: [], watch: " + text + " }";
            case DIGEST -> "{ servers: [], clients: [], volumes: [], watch: { digest: " + text + " } }";
            case OVERRIDE -> client("name: c, volumes: { v: " + text + " }");
        };
    }

    private static String channel(String text) {
        return "{ servers: [], clients: [], volumes: [], notify: [" + text + "] }";
    }

    private static String client(String inside) {
        return "{ servers: [], clients: [{ " + inside + " }], volumes: [] }";
    }

    private static String needed(Section section, String key) {
        return switch (key) {
            case "port" -> "22";
            case "url" -> "https://v";
            case "to" -> "ops@example.org";
            case "schedule" -> "'@daily'";
            default -> section == Section.ROOT || key.equals("jobs") ? "[]" : "x";
        };
    }

    @Test
    void theSampleSuitsTheSchema() throws IOException {
        assertThat(schema().accepts(Schema.yaml(ConfigurationSample.text()))).isTrue();
        assertThat(schema().accepts(Schema.yaml(Fixtures.MINIMAL))).isTrue();
        assertThat(schema().accepts(Schema.yaml(Fixtures.MINIMAL + "extra: 1"))).isFalse();
    }

    @Test
    void theGuideDescribesEveryKeyOfEverySection() throws IOException {
        String guide = Files.readString(DOCS.resolve("guide").resolve("configuration.md"));
        for (Section section : Section.values()) {
            String heading = "<!-- section: " + section.name().toLowerCase(Locale.ROOT) + " -->";
            assertThat(guide).contains(heading);
            String part =
                    guide.substring(guide.indexOf(heading) + heading.length()).split("<!-- section: ", 2)[0];
            List<String> told = part.lines()
                    .filter(line -> line.startsWith("| `")
                            && line.chars().filter(c -> c == '|').count() >= 5)
                    .map(line -> line.substring(3, line.indexOf('`', 3)))
                    .toList();
            assertThat(told)
                    .as(section.name())
                    .containsExactlyInAnyOrderElementsOf(
                            section.keys().stream().map(Section.Key::name).toList());
        }
    }
}
