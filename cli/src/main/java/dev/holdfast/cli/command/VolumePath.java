package dev.holdfast.cli.command;

import dev.holdfast.agent.browse.NearestPath;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.EntryPath;

/** A path inside a volume as a person types it. */
final class VolumePath {
    private VolumePath() {}

    /** Relative to the volume; slashes at the ends and a leading {@code ./} are forgiven. */
    static EntryPath parse(String text) {
        String plain = text.startsWith("./") ? text.substring(2) : text;
        try {
            return plain.equals(".") ? EntryPath.ROOT : EntryPath.ofText(plain);
        } catch (MalformedException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.USAGE,
                            "'" + text + "' is no path inside a volume",
                            "Paths are relative to the volume's root and have no '..', such as `etc/app.conf`."),
                    e);
        }
    }

    /** Names the nearest path that {@code reader}'s snapshot has. */
    static HoldfastException missing(String volume, EntryPath path, SnapshotReader reader) {
        String parent = path.parent().isRoot() ? "" : " '" + path.parent() + "'";
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "the snapshot of volume '" + volume + "' has no '" + path + "'",
                        NearestPath.advice(reader, path) + "`holdfast ls " + volume + parent
                                + "` shows what is there; `holdfast find " + volume + " '"
                                + EntryPath.printable(path.name()) + "' --all` looks in all snapshots.")
                .asException();
    }
}
