package dev.holdfast.cli.handover;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.cli.daemon.Signals;
import dev.holdfast.core.daemon.FrameChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** The shell's side: one line that may be handed over to the resident agent of this machine. */
public final class Handover {
    /** An agent that does not even say yes or no in this time is left alone. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How long the agent gets to leave everything in order when the person wants an end, as in a process of its own. */
    private static final long GRACE_SECONDS = 80;

    private static final int BY_SYSTEM = 128 + 15;
    private static final int BY_PERSON = 130;

    /** How it went. */
    public enum End {
        /** By the agent, all of it; there is an exit code. */
        CARRIED_OUT,
        /** Nothing was done or said: this process is to do it. */
        LEFT,
        /** The agent began and went away. */
        LOST
    }

    /**
     * What came of it.
     *
     * @param reason why an agent left it, empty when there is none
     */
    public record Outcome(End end, int exitCode, String reason) {
        public static final Outcome NOBODY_THERE = new Outcome(End.LEFT, 0, "");
    }

    private final TypedLine line;
    private final OutputStream out;
    private final OutputStream err;
    private final IntConsumer exit;
    private volatile boolean bySystem;

    /** {@code exit} ends this process, running its shutdown hooks. */
    public Handover(TypedLine line, OutputStream out, OutputStream err, IntConsumer exit) {
        this.line = line;
        this.out = out;
        this.err = err;
        this.exit = exit;
    }

    /** Whether the words look like those of a command that the agent carries out; it looks more closely itself. */
    public static boolean mayBe(String... words) {
        boolean named = false;
        for (String word : words) {
            if (word.equals("--no-agent") || word.equals("--help") || word.equals("-h")) {
                return false;
            }
            named |= word.equals("backup") || word.equals("restore");
        }
        return named;
    }

    /** What an option, or else a variable of the environment, says. */
    public Optional<String> said(String option, String variable) {
        String prefix = option.concat("=");
        List<String> words = line.words();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).startsWith(prefix)) {
                return Optional.of(words.get(i).substring(prefix.length()));
            }
            if (words.get(i).equals(option) && i + 1 < words.size()) {
                return Optional.of(words.get(i + 1));
            }
        }
        return Optional.ofNullable(line.environment().get(variable));
    }

    /** Tries the agents that have their folders there, one after the other. */
    public Outcome attempt(Path stateDirectory) {
        Outcome outcome = Outcome.NOBODY_THERE;
        for (Path folder : folders(stateDirectory)) {
            try (FrameChannel frames =
                    FrameChannel.call(folder, AgentControl.SOCKET, TypedLine.REQUEST, FrameType.LARGEST_BYTES)) {
                frames.send(FrameType.LINE, line.encode());
                outcome = converse(frames);
            } catch (IOException e) {
                // Nobody listens there, or he has gone away over the question, or it is too long: he has done nothing.
                continue;
            }
            if (outcome.end() != End.LEFT) {
                return outcome;
            }
        }
        return outcome;
    }

    private List<Path> folders(Path stateDirectory) {
        Optional<String> host = said("--as", "HOLDFAST_AS");
        if (host.isPresent()) {
            return List.of(stateDirectory.resolve(host.get()));
        }
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(stateDirectory)) {
            for (Path child : children) {
                if (Files.exists(child.resolve(AgentControl.POINTER))) {
                    folders.add(child);
                }
            }
        } catch (IOException e) {
            // No such folder: no agent.
        }
        return folders;
    }

    private Outcome converse(FrameChannel frames) throws IOException {
        CountDownLatch over = new CountDownLatch(1);
        Thread interruption = new Thread(() -> interrupted(frames, over), "handover-interruption");
        Runtime.getRuntime().addShutdownHook(interruption);
        Signals.on("TERM", () -> {
            bySystem = true;
            exit.accept(BY_SYSTEM);
        });
        try {
            Optional<FrameChannel.Frame> first = frames.receive(PATIENCE);
            if (first.isEmpty()) {
                return Outcome.NOBODY_THERE;
            }
            if (first.get().type() == FrameType.REFUSED) {
                return new Outcome(End.LEFT, 0, new String(first.get().bytes(), StandardCharsets.UTF_8));
            }
            return showAll(frames, first.get());
        } finally {
            over.countDown();
            forget(interruption);
        }
    }

    private Outcome showAll(FrameChannel frames, FrameChannel.Frame first) {
        try {
            Optional<FrameChannel.Frame> next = Optional.of(first);
            while (next.isPresent()) {
                if (next.get().type() == FrameType.END) {
                    return new Outcome(
                            End.CARRIED_OUT, Byte.toUnsignedInt(next.get().bytes()[0]), "");
                }
                show(next.get());
                next = frames.receive();
            }
        } catch (IOException e) {
            // Killed, or the like.
        }
        return new Outcome(End.LOST, 0, "");
    }

    private void show(FrameChannel.Frame frame) {
        try {
            if (frame.type() == FrameType.OUT) {
                out.write(frame.bytes());
            } else if (frame.type() == FrameType.ERR) {
                err.write(frame.bytes());
            }
        } catch (IOException e) {
            // Nobody reads it any more (`| head`); the command goes on, as it does in a process of its own.
        }
    }

    /** In a shutdown hook: asks for an end and gives the agent a while for it; what it says meanwhile is shown. */
    private void interrupted(FrameChannel frames, CountDownLatch over) {
        if (over.getCount() == 0) {
            return;
        }
        try {
            frames.send(FrameType.CANCEL, new byte[] {(byte) (bySystem ? 1 : 0)});
            if (!over.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(bySystem ? BY_SYSTEM : BY_PERSON);
            }
        } catch (IOException e) {
            // It has gone away.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // This process is ending already.
        }
    }
}
