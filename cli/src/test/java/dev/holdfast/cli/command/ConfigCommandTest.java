package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.core.config.ConfigurationSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code config sample}, {@code validate}, {@code show} and {@code schema}. */
final class ConfigCommandTest {
    private static final String WRONG = """
            servers:
              - { name: annex, hostname: annex.example.org, port: 10022, data: /d, prot: 1 }
            clients:
              - { name: uat, backup: [orderl] }
            volumes:
              - { name: orderly }
            """;

    private static final String OPEN = """
            servers:
              - { name: annex, hostname: annex.example.org, port: 10022, data: /srv/holdfast }
            clients:
              - { name: uat, backup: [orderly], volume_root: /srv/volumes }
              - { name: uat.two }
            volumes:
              - { name: orderly }
            """;

    @TempDir
    Path folder;

    private ProgramRun run(String... args) {
        return new ProgramRun(folder).run(args);
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.resolve("holdfast.yaml"), text);
    }

    @Test
    void theSampleIsValidAsPrinted() throws IOException {
        ProgramRun sample = run("config", "sample");
        write(sample.out());

        assertThat(sample.out()).isEqualTo(ConfigurationSample.text());
        assertThat(run("config", "validate").exitCode()).isZero();
    }

    @Test
    void theSampleGoesIntoANewFile() throws IOException {
        ProgramRun run = run("config", "sample", "--out", "holdfast.yaml");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("wrote the sample into " + folder.resolve("holdfast.yaml") + "\n");
        assertThat(folder.resolve("holdfast.yaml")).hasContent(ConfigurationSample.text());
    }

    @Test
    void aFileThatIsThereIsNeverOverwritten() throws IOException {
        write("mine");

        ProgramRun run = run("config", "sample", "--out", "holdfast.yaml");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("holdfast.yaml is there already  [HF-FAILED]");
        assertThat(folder.resolve("holdfast.yaml")).hasContent("mine");
    }

    @Test
    void aFolderThatIsNotThereIsNamed() {
        ProgramRun run = run("config", "schema", "--out", "nowhere/schema.json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("cannot write " + folder.resolve("nowhere/schema.json"));
    }

    @Test
    void theSchemaIsTheOneInDocs() throws IOException {
        assertThat(run("config", "schema").out()).isEqualTo(Files.readString(Path.of("../docs/holdfast.schema.json")));
    }

    @Test
    void textsAreOneObjectForPrograms() {
        assertThat(run("config", "sample", "--json").out())
                .startsWith("{\"message_type\":\"sample\",\"sample\":\"# yaml-language-server")
                .hasLineCount(1);
        assertThat(run("config", "schema", "--json", "--out", "s.json").out())
                .isEqualTo("{\"message_type\":\"schema\",\"file\":\"" + folder.resolve("s.json") + "\"}\n");
    }

    @Test
    void aValidFileIsCounted() throws IOException {
        write(OPEN);

        ProgramRun run = run("config", "validate");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo(folder.resolve("holdfast.yaml") + ": valid: 1 server, 2 clients, 1 volume\n");
        assertThat(run.err())
                .isEqualTo(
                        "warning: no client has a `restore` list, so each may restore everything that its realm backs"
                                + " up\n");
    }

    @Test
    void aLimitOfMemoryThatCannotBeKeptIsAWarning() throws IOException {
        write(OPEN + "limits: { memory: 64MiB }\n");
        assertThat(run("config", "validate").err()).contains("warning: limits.memory cannot be kept");

        write(OPEN + "limits: { memory: 100MiB }\n");
        assertThat(run("config", "validate").err()).doesNotContain("cannot be kept");
    }

    @Test
    void aVaultInTheOpenIsAWarning() throws IOException {
        write(OPEN + "vault: { url: 'http://vault.example.org:8200', prefix: /secret/x }\n");
        assertThat(run("config", "validate").err()).contains("warning: vault.url is http://vault.example.org:8200");

        write(OPEN + "vault: { url: 'http://localhost:8200', prefix: /secret/x }\n");
        assertThat(run("config", "validate").err()).doesNotContain("vault.url");
    }

    @Test
    void aLimitOfMemoryForAllIsSaidNotToHoldForServers() throws IOException {
        write(OPEN + "limits: { memory: 100MiB }\n");
        assertThat(run("config", "validate").err()).contains("warning: limits.memory holds for clients only");

        write(OPEN + "limits: { threads: 2 }\n");
        assertThat(run("config", "validate").err()).doesNotContain("limits.memory");
    }

    @Test
    void everyProblemIsToldAtOnceOnItsOwnLines() throws IOException {
        write(WRONG);

        ProgramRun run = run("config", "validate");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("error: 2 problems in " + folder.resolve("holdfast.yaml") + "  [HF-CONFIG]\n")
                .contains("\nholdfast.yaml:2:72: unknown key 'prot'")
                .contains("^^^^ did you mean 'port'?\n")
                .contains("\nholdfast.yaml:4:")
                .contains("\n  hint: ")
                .doesNotContain("\\n");
    }

    @Test
    void problemsAreFieldsForPrograms() throws IOException {
        write(WRONG);

        ProgramRun run = run("config", "validate", "--json");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out())
                .startsWith("{\"message_type\":\"summary\",\"file\":")
                .contains("\"valid\":false")
                .contains("{\"line\":2,\"column\":72,\"message\":\"unknown key 'prot'")
                .contains("\"text\":\"prot\",\"suggestion\":\"did you mean 'port'?\"")
                .hasLineCount(1);
    }

    @Test
    void aValidFileIsASummaryForPrograms() throws IOException {
        write(OPEN);

        assertThat(run("config", "validate", "--json").out())
                .contains("\"valid\":true,\"servers\":1,\"clients\":2,\"volumes\":1,\"warnings\":[\"no client has")
                .endsWith("\"problems\":[]}\n");
    }

    @Test
    void theFileOnTheLineGoesBeforeTheOption() throws IOException {
        write(WRONG);
        Files.writeString(folder.resolve("other.yaml"), OPEN);

        ProgramRun run = run("config", "validate", "other.yaml", "--path", "holdfast.yaml");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith(folder.resolve("other.yaml") + ": valid");
    }

    @Test
    void withoutAConfigurationTheHintTellsHowToBegin() {
        ProgramRun run = run("config", "validate");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err()).contains("holdfast config sample");
    }

    @Test
    void valuesAreShownWithWhereTheyComeFrom() throws IOException {
        write(OPEN);

        assertThat(run("config", "show").out().lines())
                .anyMatch(line -> line.matches("NAME +VALUE +FROM"))
                .anyMatch(line -> line.matches("servers\\.annex\\.port +10022 +holdfast\\.yaml:2"))
                .anyMatch(line -> line.matches("clients\\.uat\\.volumes\\.orderly\\.path +/srv/volumes/orderly, or the"
                        + " container engine's volume while there is no such folder +.*"))
                .anyMatch(line -> line.matches("realms\\.default\\.server +sealed +default"));
    }

    @Test
    void oneHostIsShownWithoutItsNeighbours() throws IOException {
        write(OPEN);

        assertThat(run("config", "show", "--host", "uat").out().lines().skip(1))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("clients.uat."))
                .noneMatch(line -> line.startsWith("clients.uat.two."));
        assertThat(run("config", "show", "--host", "annex").out().lines().skip(1))
                .isNotEmpty()
                .allMatch(line -> line.startsWith("servers.annex."));
    }

    @Test
    void anUnknownHostIsNoSuchThing() throws IOException {
        write(OPEN);

        ProgramRun run = run("config", "show", "--host", "uta");

        assertThat(run.exitCode()).isEqualTo(10);
        assertThat(run.err()).contains("no machine 'uta'").contains("'uat'");
    }

    @Test
    void valuesAreFieldsForPrograms() throws IOException {
        write(OPEN);

        assertThat(run("config", "show", "--json").out())
                .startsWith("{\"message_type\":\"configuration\",\"values\":[{\"name\":\"keys\",\"value\":\"")
                .contains("{\"name\":\"servers.annex.port\",\"value\":\"10022\",\"origin\":\"holdfast.yaml:2\"}");
    }

    private ProgramRun validateExample(String name) {
        ProgramRun run = run(
                "config",
                "validate",
                Path.of("src/dist/examples").resolve(name).toAbsolutePath().toString());
        assertThat(run.exitCode()).isZero();
        return run;
    }

    @Test
    void theShippedExampleIsValidAndWarnsOfNothing() {
        assertThat(validateExample("one-server.yaml").err()).isEmpty();
    }

    @Test
    void theShippedExampleOfPrivateerIsValidAndWarnsOfNothing() {
        assertThat(validateExample("privateer.json").err()).isEmpty();
    }

    @Test
    void theShippedExampleOfPrivateerShowsAllOfItsForm() throws IOException {
        String example = Files.readString(Path.of("src/dist/examples/privateer.json"));

        assertThat(List.of(
                        "key_volume",
                        "data_volume",
                        "container",
                        "backup",
                        "restore",
                        "schedule",
                        "port",
                        "jobs",
                        "local",
                        "vault",
                        "url",
                        "prefix",
                        "token",
                        "tag"))
                .allSatisfy(key -> assertThat(example).contains("\"" + key + "\":"));
    }

    @Test
    void aVolumeWithoutAFolderIsShownAsSuch() throws IOException {
        write(OPEN.replace(", volume_root: /srv/volumes", ""));

        assertThat(run("config", "show", "--host", "uat").out())
                .containsPattern("volumes\\.orderly\\.path +asked of the container engine");
    }
}
