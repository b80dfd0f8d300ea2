package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What failed of something that is done to several volumes: one that fails does not keep the others from their turn. */
final class VolumeFailures {
    /** Whoever is told one of these for one volume would be told it for every other. */
    private static final Set<ProblemCode> OF_ALL = EnumSet.of(
            ProblemCode.CANCELLED,
            ProblemCode.UNREACHABLE,
            ProblemCode.HOST_KEY,
            ProblemCode.KEY,
            ProblemCode.PROTOCOL,
            ProblemCode.CONFIG,
            ProblemCode.BUG);

    private final Session session;
    private final String done;
    private final int wanted;
    private final Map<String, Problem> failed = new LinkedHashMap<>();
    /** Those of them for which the thing itself was done. */
    private final Set<String> afterwards = new LinkedHashSet<>();

    /** @param done what is done to each, such as {@code backed up} */
    VolumeFailures(Session session, String done, int wanted) {
        this.session = session;
        this.done = done;
        this.wanted = wanted;
    }

    /** Remembers the failure of one volume; throws it when going on is of no use, or when there is nothing else to do. */
    void met(String volume, HoldfastException failure) {
        if (isOfAll(failure.problem())) {
            list();
            throw failure;
        }
        metAlone(volume, failure);
    }

    /** The same for a failure that says nothing of the other volumes. */
    void metAlone(String volume, HoldfastException failure) {
        remember(volume, failure);
        if (!session.options().json()) {
            session.remark("volume '" + volume + "' was not " + done);
        }
    }

    /** The same for a failure that came when the thing itself was done. */
    void metAfterwards(String volume, HoldfastException failure) {
        remember(volume, failure);
        afterwards.add(volume);
    }

    private void remember(String volume, HoldfastException failure) {
        Problem problem = failure.problem();
        if (wanted == 1 || session.cancellation().isRequested()) {
            list();
            throw failure;
        }
        failed.put(volume, problem);
        if (session.options().json()) {
            session.json()
                    .line(
                            "error",
                            line -> line.text("volume", volume)
                                    .number("code", problem.code().exitCode())
                                    .text("problem", problem.code().label())
                                    .text("message", problem.message())
                                    .text("hint", problem.hint()));
        }
    }

    /** A server that has nothing to do with this host says so at the login, which names the server. */
    private boolean isOfAll(Problem problem) {
        boolean refusedByServer =
                problem.code() == ProblemCode.DENIED && problem.context().containsKey("server");
        return refusedByServer || OF_ALL.contains(problem.code());
    }

    /** Says at the end what failed; throws when anything did, with the code of the first failure. */
    void conclude() {
        if (failed.isEmpty()) {
            return;
        }
        list();
        List<String> without = failed.keySet().stream()
                .filter(volume -> !afterwards.contains(volume))
                .toList();
        int well = wanted - without.size();
        Problem first = failed.values().iterator().next();
        throw Problem.of(
                        first.code(),
                        well + " of " + wanted + " volumes " + (well == 1 ? "was" : "were") + " " + done
                                + (without.isEmpty() ? "" : "; not " + String.join(", ", without))
                                + (afterwards.isEmpty()
                                        ? ""
                                        : "; with trouble afterwards: " + String.join(", ", afterwards)),
                        "")
                .asException();
    }

    private void list() {
        session.terminal().out().flush();
        if (!session.options().json()) {
            failed.forEach(this::show);
        }
    }

    private void show(String volume, Problem problem) {
        String named = problem.message().contains("'" + volume + "'") ? "" : "volume '" + volume + "': ";
        session.terminal()
                .err()
                .println("error: " + SafeText.of(named + problem.message()) + "  ["
                        + problem.code().label() + "]");
        if (!problem.hint().isEmpty()) {
            session.terminal().err().println("  hint: " + SafeText.of(problem.hint()));
        }
    }
}
