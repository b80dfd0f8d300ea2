package dev.holdfast.agent.schedule;

import dev.holdfast.core.daemon.ControlCall;
import dev.holdfast.core.daemon.ProcessLock;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Asks and steers the resident agent of this machine. Answers are lines of text, so that an agent of another version can be asked too. */
public final class AgentControl {
    /** The name of its control socket, in the folder of the host. */
    public static final String SOCKET = "agent";
    /** The file that tells where the socket is. */
    public static final String POINTER = SOCKET + ".path";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path state;

    /** {@code state} is the folder of the host. */
    public AgentControl(Path state) {
        this.state = state;
    }

    /**
     * An agent that answered.
     *
     * @param complaint why a changed configuration is not used
     */
    public record Speaker(long processId, String software, Optional<String> complaint) {
        String line() {
            return processId + "\n" + software + "\n" + complaint.orElse("");
        }

        static Speaker parse(String text) {
            List<String> lines = text.lines().toList();
            try {
                return new Speaker(
                        Long.parseLong(lines.get(0)),
                        lines.size() > 1 ? lines.get(1) : "an unknown version",
                        Optional.of(String.join("\n", lines.subList(Math.min(2, lines.size()), lines.size())))
                                .filter(complaint -> !complaint.isEmpty()));
            } catch (NumberFormatException | IndexOutOfBoundsException e) {
                return new Speaker(0, "an unknown version", Optional.empty());
            }
        }
    }

    static Path lock(Path state) {
        return state.resolve("agent.lock");
    }

    /** Whether one runs, or is starting or ending. */
    public boolean isAlive() {
        try {
            return ProcessLock.isHeld(lock(state));
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "cannot look into " + state + ": " + e.getMessage(),
                            "Run this as the user who started the agent."),
                    e);
        }
    }

    /** Who runs; empty when none does. */
    public Optional<Speaker> who() {
        return ask("who").map(Speaker::parse);
    }

    /** Why the port for monitoring cannot be had; empty when it can, when none is wanted, and when nobody can tell. */
    public Optional<String> statusPortTrouble() {
        try {
            return ask("status-port").filter(trouble -> !trouble.isEmpty());
        } catch (HoldfastException e) {
            return Optional.empty(); // one of an earlier version does not know the question
        }
    }

    /** No job is started until it is resumed; empty when no agent runs. */
    public Optional<String> pause() {
        return ask("pause");
    }

    public Optional<String> resume() {
        return ask("resume");
    }

    /** Ends the process; a backup under way is stopped, and goes on when there is an agent again. */
    public Optional<String> exit() {
        return ask("exit");
    }

    private Optional<String> ask(String request) {
        return new ControlCall(state, SOCKET, "the agent", PATIENCE)
                .ask(request)
                .map(answer -> new String(answer, StandardCharsets.UTF_8));
    }

    /**
     * Moves what an agent has remembered out of the way if it makes no sense, and says where it is now; a host whose agent runs is left
     * alone, since that one writes it anew.
     */
    public Optional<Path> setDamageAside() {
        Path file = AgentSetup.book(state);
        try (ProcessLock lock = ProcessLock.tryTake(lock(state)).orElse(null)) {
            return lock != null && isDamaged(file) ? Optional.of(ScheduleBook.setAside(file)) : Optional.empty();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private static boolean isDamaged(Path file) {
        try {
            ScheduleBook.read(file);
            return false;
        } catch (HoldfastException e) {
            if (e.problem().code() == ProblemCode.DAMAGE) {
                return true;
            }
            throw e;
        }
    }

    /** Pauses or resumes the schedule of a host whose agent does not run; false when one is running, starting or ending. */
    public boolean pauseAbsent(boolean paused) {
        return changeAbsent(book -> book.pause(paused));
    }

    /**
     * Lets a snapshot count for the jobs that would have made it: by the agent, or by itself where none runs.
     *
     * @return false when an agent is just starting or ending
     */
    public boolean count(MadeSnapshot made, Plan plan) {
        return ask(made.request()).isPresent() || changeAbsent(book -> made.countIn(book, plan));
    }

    private boolean changeAbsent(Consumer<ScheduleBook> change) {
        try (ProcessLock lock = ProcessLock.tryTake(lock(state)).orElse(null)) {
            if (lock == null) {
                return false;
            }
            Path file = AgentSetup.book(state);
            Optional<UserPrincipal> owner = Files.exists(file) ? Optional.of(Files.getOwner(file)) : Optional.empty();
            ScheduleBook book = ScheduleBook.read(file);
            change.accept(book);
            book.write();
            // Root may do this, too; the agent must be able to read it afterwards.
            if (owner.isPresent() && !owner.get().equals(Files.getOwner(file))) {
                Files.setOwner(file, owner.get());
            }
            return true;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private HoldfastException cannotWrite(IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.IO,
                        "cannot write in " + state + ": " + e,
                        "Run this as the user of the agent, and look whether the disk is full."),
                e);
    }
}
