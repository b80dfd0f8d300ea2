package dev.holdfast.cli.command;

import dev.holdfast.cli.daemon.DetachedProcess;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.core.problem.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** This program once more, for this machine and configuration, as a process that stays: started in the background and awaited. */
final class Launch {
    private static final long LOOK_EVERY_MILLIS = 50;

    private final StateFolder state;
    private final DetachedProcess process;
    private final List<String> arguments;

    /** @param words the command that stays, and its options */
    Launch(Session session, Path configuration, StateFolder state, List<String> words) {
        this.state = state;
        this.process = new DetachedProcess(session.environment());
        this.arguments = new ArrayList<>(List.of(
                "--path",
                configuration.toString(),
                "--as",
                state.name(),
                "--state",
                state.stateDirectory().toString(),
                "--json"));
        for (int i = 0; i < session.options().verbosity(); i++) {
            arguments.add("--verbose");
        }
        arguments.addAll(words);
    }

    /** The words that would be run. */
    List<String> command() {
        return process.command(arguments);
    }

    /**
     * What to wait for.
     *
     * @param answer what the process says when it is ready; empty until then
     * @param late why it is waited for no longer; it goes on starting
     */
    record Expectation<T>(Supplier<Optional<T>> answer, long timeoutSeconds, Supplier<HoldfastException> late) {
        /** The answer; empty when the process has ended instead. */
        Optional<T> await(Pause pause) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
            while (!pause.ended()) {
                Optional<T> given = answer.get();
                if (given.isPresent()) {
                    return given;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw late.get();
                }
            }
            return Optional.empty();
        }
    }

    /** Between two looks. */
    interface Pause {
        /** Waits a little; true when the process has ended, as far as one can know. */
        boolean ended() throws InterruptedException;
    }

    /**
     * Returns the answer.
     *
     * @param who such as {@code server 'vault'}
     * @param output file for what the process prints beside its log
     * @throws HoldfastException when it ended instead, with its own words
     */
    <T> T start(String who, Path output, Path log, Expectation<T> expected) throws IOException, InterruptedException {
        state.create();
        Process started = process.start(arguments, output);
        Optional<T> answer = expected.await(() -> started.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS));
        if (answer.isEmpty()) {
            throw StartFailure.of(who, output + " and " + log, started.exitValue(), Files.readString(output));
        }
        return answer.get();
    }
}
