package dev.holdfast.cli.checkup;

import dev.holdfast.agent.hook.VolumeHooks;
import dev.holdfast.agent.marker.UnfinishedRestore;
import dev.holdfast.agent.standstill.Standstill;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What interrupted runs of this machine have left to be done. */
public final class Leftovers {
    private static final String HINT =
            "An agent that runs, paused or not, sees to it within a minute; so does `holdfast schedule start`, or any `holdfast"
                    + " backup` on this machine.";

    private Leftovers() {}

    /** Whether there is something that can be put right by itself. */
    public static boolean mayBeIn(Path state) {
        return !Standstill.left(state).isEmpty() || !VolumeHooks.owed(state).isEmpty();
    }

    /** A line for each; none when nothing is left. */
    public static List<Finding> in(Path state) {
        List<Finding> findings = new ArrayList<>();
        try {
            for (UnfinishedRestore restore : UnfinishedRestore.in(state)) {
                if (restore.running()) {
                    continue; // nothing is left of it yet
                }
                findings.add(unfinished(restore, Standstill.keptFor(restore.target(), state)));
            }
            List<String> asleep = Standstill.left(state);
            if (!asleep.isEmpty()) {
                findings.add(failed(
                        "containers",
                        "an interrupted run has not put back as it was: container " + String.join(", ", asleep)));
            }
            for (String volume : VolumeHooks.owed(state)) {
                findings.add(failed(
                        "hooks of " + volume,
                        "an interrupted backup of '" + volume + "' has not run its hook `after` yet"));
            }
        } catch (HoldfastException e) {
            findings.add(Finding.failed("interrupted runs", e.problem()));
        }
        return findings;
    }

    /** Grave when somebody waits for a container that nothing but this restore will start. */
    private static Finding unfinished(UnfinishedRestore restore, List<String> stopped) {
        Problem problem = restore.problem();
        return stopped.isEmpty()
                ? Finding.warning("restore", problem.message(), problem.hint())
                : Finding.failed(
                        "restore",
                        Problem.of(
                                ProblemCode.FAILED,
                                problem.message() + "; until it is, container " + String.join(", ", stopped)
                                        + " stays stopped",
                                problem.hint()));
    }

    private static Finding failed(String subject, String message) {
        return Finding.failed(subject, Problem.of(ProblemCode.FAILED, message, HINT));
    }
}
