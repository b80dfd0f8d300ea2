package dev.holdfast.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProgramTest {
    @TempDir
    Path folder;

    private ProgramRun run(String... args) {
        return new ProgramRun(folder).run(args);
    }

    @Test
    void versionIsTheOneOfTheBuild() {
        ProgramRun run = run("version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).matches("holdfast [0-9]+\\.[0-9]+\\.[0-9]+ on Java .*\\R");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void versionIsOneObjectForPrograms() {
        assertThat(run("version", "--json").out())
                .startsWith("{\"message_type\":\"version\",\"version\":\"")
                .endsWith("}\n");
    }

    @Test
    void globalOptionsStandBeforeOrAfterTheCommand() {
        assertThat(run("--json", "version").out())
                .isEqualTo(run("version", "--json").out());
    }

    @Test
    void anUnknownCommandIsWrongUseWithASuggestion() {
        ProgramRun run = run("versoin");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("[HF-USAGE]").contains("did you mean").contains("version");
    }

    @Test
    void anUnknownOptionIsWrongUse() {
        ProgramRun run = run("version", "--jsno");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--jsno").contains("  hint: ").contains("holdfast version --help");
    }

    @Test
    void anUnknownLetterIsNotTakenForALongOption() {
        ProgramRun run = run("server", "start", "-N");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("unknown option", "-N", "see `holdfast server start --help`")
                .doesNotContain("did you mean");
        assertThat(run("version", "-json").err()).contains("did you mean --json?");
    }

    @Test
    void wrongUseIsReportedAsJsonWhenAskedFor() {
        ProgramRun run = run("--json", "--no-such-option");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("{\"message_type\":\"exit_error\",\"code\":2,\"problem\":\"HF-USAGE\"")
                .endsWith("}\n");
    }

    @Test
    void noCommandAtAllIsWrongUse() {
        assertThat(run().exitCode()).isEqualTo(2);
    }
}
