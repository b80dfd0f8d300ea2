package dev.holdfast.agent.marker;

import dev.holdfast.agent.files.RealPath;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A restore that has been begun and has not come to its end, as its marker says: what is in the target is neither what was there nor
 * what is to be. One that is at work at this moment is one of them, too.
 *
 * @param marker the file that says so
 * @param volume of this host that the target is; empty for a mere folder
 * @param id the short form of that of the snapshot
 * @param source whose snapshot that is, such as {@code alice/documents}; empty when nobody knows
 * @param whole whether all of it is restored, not some of its paths only
 * @param again the command line that goes on with it; empty when nobody knows
 * @param running whether it is at work at this moment
 * @param since when it was begun, or last taken up
 */
public record UnfinishedRestore(
        Path marker,
        Path target,
        String volume,
        String id,
        String source,
        boolean whole,
        String again,
        boolean running,
        Instant since) {
    /** All that a state folder knows of whose targets are still there, by target. */
    public static List<UnfinishedRestore> in(Path state) {
        List<UnfinishedRestore> all = new ArrayList<>();
        try (DirectoryStream<Path> markers = Files.newDirectoryStream(state, Marker.NAMES)) {
            for (Path marker : markers) {
                Marker.told(marker).filter(one -> Files.exists(one.target())).ifPresent(all::add);
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "state folder " + state + " cannot be read: " + e.getMessage(),
                            "Run as the user that it belongs to."),
                    e);
        }
        all.sort(Comparator.comparing(UnfinishedRestore::target));
        return all;
    }

    /** Those that have changed something in that folder, above it or below it. */
    public static List<UnfinishedRestore> touching(Path state, Path folder) {
        Path root = RealPath.of(folder);
        return in(state).stream()
                .filter(one -> RealPath.of(one.target()).startsWith(root) || root.startsWith(RealPath.of(one.target())))
                .toList();
    }

    /**
     * What a restore of the whole volume has not finished is nothing that anybody ever had, and a copy of it would pass for one of the
     * volume. One of some paths, or into a folder of the volume, is only told of.
     *
     * @param volume what to call what is in the folder
     * @throws HoldfastException {@code BUSY} when a restore that this state folder knows of spoils it
     */
    public static void requireWhole(Path state, String volume, Path folder, Consumer<String> notices) {
        for (UnfinishedRestore restore : touching(state, folder)) {
            Problem why = restore.problem();
            if (restore.spoils(folder)) {
                throw Problem.of(
                                why.code(),
                                "volume '" + volume + "' cannot be read as it is: " + why.message(),
                                why.hint())
                        .asException();
            }
            notices.accept("warning: " + why.message() + "; the volume is read as it is");
        }
    }

    /** The one into exactly that folder. */
    public static Optional<UnfinishedRestore> into(Path state, Path target) {
        Path place = RealPath.of(target);
        return in(state).stream()
                .filter(one -> RealPath.of(one.target()).equals(place))
                .findFirst();
    }

    /** What is being restored, such as {@code 3355cffd of alice/documents}. */
    public String snapshot() {
        return id + (source.isEmpty() ? "" : " of " + source);
    }

    /** Whether no file in that folder can be taken for what belongs there. */
    public boolean spoils(Path folder) {
        return whole && RealPath.of(folder).startsWith(RealPath.of(target));
    }

    /** Why nothing else is done with what is in the target. */
    public Problem problem() {
        return Problem.of(
                ProblemCode.BUSY,
                "the restore of snapshot " + snapshot() + " into " + target + " is not finished",
                (again.isEmpty() ? "Give the same `holdfast restore` again" : "Give `" + again + "`")
                        + " and let it end. To give it up and keep what is there now, remove "
                        + marker + ".");
    }
}
