package dev.holdfast.agent.leftover;

import dev.holdfast.agent.hook.VolumeHooks;
import dev.holdfast.agent.leftover.Leftover.Kind;
import dev.holdfast.agent.marker.UnfinishedRestore;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was begun on this host and has not come to its end.
 *
 * @param leftovers what interrupted runs have left to be done
 * @param restores those at work
 */
public record OpenWork(List<Leftover> leftovers, List<UnfinishedRestore> restores) {
    private static final String HINT =
            "An agent that runs, paused or not, sees to it within a minute; so does `holdfast schedule start`, or any `holdfast"
                    + " backup` on this machine.";

    public OpenWork {
        leftovers = List.copyOf(leftovers);
        restores = List.copyOf(restores);
    }

    /** Whether there is something that can be put right by itself. */
    public static boolean mendable(Path state) {
        return !Standstill.left(state).isEmpty() || !VolumeHooks.owed(state).isEmpty();
    }

    /** As a state folder says; one that cannot be read is a leftover itself. */
    public static OpenWork in(Path state) {
        List<Leftover> leftovers = new ArrayList<>();
        List<UnfinishedRestore> restores = new ArrayList<>();
        try {
            for (UnfinishedRestore restore : UnfinishedRestore.in(state)) {
                if (restore.running()) {
                    restores.add(restore); // nothing is left of it yet
                } else {
                    leftovers.add(unfinished(restore, Standstill.keptFor(restore.target(), state)));
                }
            }
            List<String> asleep = Standstill.left(state);
            if (!asleep.isEmpty()) {
                leftovers.add(grave(
                        Kind.CONTAINERS,
                        "containers",
                        "an interrupted run has not put back as it was: " + Standstill.named(asleep)));
            }
            for (String volume : VolumeHooks.owed(state)) {
                leftovers.add(grave(
                        Kind.HOOK,
                        "hooks of " + volume,
                        "an interrupted backup of '" + volume + "' has not run its hook `after` yet"));
            }
        } catch (HoldfastException e) {
            leftovers.add(new Leftover(Kind.UNKNOWN, "interrupted runs", e.problem(), true));
        }
        return new OpenWork(leftovers, restores);
    }

    /** Grave when somebody waits for a container that nothing but this restore will start. */
    private static Leftover unfinished(UnfinishedRestore restore, List<String> stopped) {
        Problem problem = restore.problem();
        return stopped.isEmpty()
                ? new Leftover(Kind.RESTORE, "restore", problem, false)
                : new Leftover(
                        Kind.RESTORE,
                        "restore",
                        Problem.of(
                                ProblemCode.FAILED,
                                problem.message() + "; until it is, " + Standstill.named(stopped)
                                        + (stopped.size() == 1 ? " stays" : " stay") + " stopped",
                                problem.hint()),
                        true);
    }

    private static Leftover grave(Kind kind, String subject, String message) {
        return new Leftover(kind, subject, Problem.of(ProblemCode.FAILED, message, HINT), true);
    }

    /** How many there are of a kind. */
    public long count(Kind kind) {
        return leftovers.stream().filter(one -> one.kind() == kind).count();
    }
}
