package dev.holdfast.agent.process;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command of the operator's that the host's shell runs, without a terminal. What it leaves running in the background stays, unless
 * it took too long itself.
 */
public final class ShellCommand {
    private static final Duration MERCY = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final int LONGEST_LINE = 400;

    private ShellCommand() {}

    /** {@code lastLine} of what it printed, to stdout or stderr; empty when it was silent. */
    public record Ended(int exitCode, boolean late, String lastLine) {
        /** What is wrong with how it ended, for the end of a sentence. */
        public String story() {
            String how = late ? "was killed: it took too long" : "ended with code " + exitCode;
            return lastLine.isEmpty() ? how : how + ": " + lastLine;
        }

        public boolean well() {
            return exitCode == 0 && !late;
        }
    }

    /**
     * Waits for the command, which is killed with all that it has started when it takes longer than {@code limit} or the waiting
     * thread is interrupted.
     *
     * @param environment beside that of this process
     */
    public static Ended run(String command, Map<String, String> environment, Duration limit) {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            LastLine output = new LastLine(process);
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                kill(process);
            }
            return new Ended(process.waitFor(), !ended, output.await());
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(ProblemCode.FAILED, "/bin/sh cannot be started: " + e.getMessage(), ""), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.CANCELLED, "cancelled while a command ran", "")
                    .asException();
        }
    }

    private static void kill(Process process) throws InterruptedException {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
        process.waitFor(MERCY.toMillis(), TimeUnit.MILLISECONDS);
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Reads on its own thread: what was started in the background may keep the pipe open for ever. */
    private static final class LastLine {
        private final Thread reader;
        private volatile String line = "";

        LastLine(Process process) {
            reader = new Thread(() -> read(process), "holdfast-command-output");
            reader.setDaemon(true);
            reader.start();
        }

        private void read(Process process) {
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String next = lines.readLine(); next != null; next = lines.readLine()) {
                    if (!next.isBlank()) {
                        line = next.strip()
                                .substring(
                                        0, Math.min(LONGEST_LINE, next.strip().length()));
                    }
                }
            } catch (IOException e) {
                // Only its last words are lost.
            }
        }

        String await() throws InterruptedException {
            reader.join(LAST_WORDS.toMillis());
            return line;
        }
    }
}
