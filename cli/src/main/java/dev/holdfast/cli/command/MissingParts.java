package dev.holdfast.cli.command;

import dev.holdfast.agent.browse.TreeDiff;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.EntryPath;

/** What a look into a damaged snapshot could not show: each part is told as it is met, and the exit code says it again. */
final class MissingParts implements TreeDiff.Losses {
    private final Session session;
    private final String what;
    private boolean any;

    /** @param what how the snapshot is called, for people */
    MissingParts(Session session, String what) {
        this.session = session;
        this.what = what;
    }

    @Override
    public void accept(Gap gap) {
        any = true;
        session.alarm(Problem.of(
                ProblemCode.DAMAGE,
                gap.range() + " in " + what + " cannot be shown (" + gap.entries() + " entries): " + gap.reason(),
                "The rest is as good as ever; `holdfast snapshots` lists others, which may have it."));
    }

    @Override
    public void content(EntryPath path, HoldfastException damage) {
        any = true;
        session.alarm(Problem.of(
                ProblemCode.DAMAGE,
                "whether '" + path + "' holds the same cannot be told: "
                        + damage.problem().message(),
                "It is shown as changed; the next `holdfast backup VOLUME --rehash` sends again what was lost."));
    }

    boolean any() {
        return any;
    }

    /** {@code otherwise}, or that of damage. */
    int exitCode(int otherwise) {
        return any ? ProblemCode.DAMAGE.exitCode() : otherwise;
    }
}
