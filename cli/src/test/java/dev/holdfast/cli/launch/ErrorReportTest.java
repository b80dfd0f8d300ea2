package dev.holdfast.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.command.Session;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ErrorReportTest {
    @TempDir
    Path folder;

    @Test
    void aProblemIsTwoLines() {
        ProgramRun run = new ProgramRun(folder);
        int exitCode = new ErrorReport(run.session())
                .failed(Problem.of(
                                ProblemCode.DENIED,
                                "host 'uat' may not read volume 'orderly' of host 'production'",
                                "on the server run `holdfast grant uat --read production/orderly`.")
                        .asException());

        assertThat(exitCode).isEqualTo(12);
        assertThat(run.err()).isEqualTo("""
                        error: host 'uat' may not read volume 'orderly' of host 'production'  [HF-DENIED]
                          hint: on the server run `holdfast grant uat --read production/orderly`.
                        """);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(ProblemCode.class)
    void theExitCodeIsTheProblems(ProblemCode code) {
        int exitCode = new ErrorReport(new ProgramRun(folder).session())
                .failed(Problem.of(code, "something failed", "").asException());

        assertThat(exitCode).isEqualTo(code.exitCode());
    }

    @ParameterizedTest
    @CsvSource({"MISSING, 12", "WRONG, 12", "UNSAFE_PERMISSIONS, 12", "MALFORMED, 12", "EXISTS, 1", "IO, 1"})
    void troubleWithKeysIsTold(KeyException.Reason reason, int expected) {
        ProgramRun run = new ProgramRun(folder);
        int exitCode = new ErrorReport(run.session())
                .failed(new KeyException(reason, "no key of 'alice' in keys", "run `holdfast keygen alice`."));

        assertThat(exitCode).isEqualTo(expected);
        assertThat(run.err())
                .contains("error: no key of 'alice' in keys  [HF-", "  hint: run `holdfast keygen alice`.");
    }

    @Test
    void anUnforeseenFailureShowsItsTraceAndAsksForAReport() {
        ProgramRun run = new ProgramRun(folder);
        int exitCode = new ErrorReport(run.session()).failed(new IllegalStateException("no such thing"));

        assertThat(exitCode).isEqualTo(70);
        assertThat(run.err())
                .contains("at " + ErrorReportTest.class.getName())
                .contains("error: unexpected IllegalStateException: no such thing  [HF-BUG]")
                .contains("please report it");
    }

    @Test
    void whatAnInterruptedCommandThrowsIsNoFault() {
        ProgramRun run = new ProgramRun(folder);
        Session session = run.session();
        session.cancellation().request();
        int exitCode = new ErrorReport(session).failed(new IllegalStateException("closed"));

        assertThat(exitCode).isEqualTo(130);
        assertThat(run.err()).isEqualTo("error: cancelled  [HF-CANCELLED]\n");
    }

    @Test
    void aConnectionThatAnInterruptedCommandLostIsNotTheServersFault() {
        ProgramRun run = new ProgramRun(folder);
        Session session = run.session();
        session.cancellation().request();
        int exitCode = new ErrorReport(session)
                .failed(Problem.of(ProblemCode.UNREACHABLE, "connection lost", "Try again.")
                        .asException());

        assertThat(exitCode).isEqualTo(130);
    }

    @Test
    void namesInMessagesCannotCommandTheTerminal() {
        ProgramRun run = new ProgramRun(folder);
        new ErrorReport(run.session())
                .failed(Problem.of(ProblemCode.NOT_FOUND, "no volume '\u001b[2J'", "")
                        .asException());

        assertThat(run.err()).doesNotContain("\u001b");
    }
}
