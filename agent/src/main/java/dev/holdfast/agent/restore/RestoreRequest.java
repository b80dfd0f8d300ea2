package dev.holdfast.agent.restore;

import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.EntryPath;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What to restore, where to, and how.
 *
 * @param target the folder that becomes the volume's root; made if it is missing
 * @param selections what to restore, with everything below; empty means the whole volume
 * @param deleteExtras remove what the snapshot does not have; for a whole volume only
 * @param rules what they leave out is in no backup, so it is not an extra: it stays
 * @param owner given to everything in place of its own
 * @param special also restore devices, setuid and setgid bits of files, file capabilities and {@code trusted.overlay} attributes
 * @param verify compare the content of files that look unchanged
 * @param threads workers that unseal and write
 * @param origin for whoever finds it unfinished
 */
public record RestoreRequest(
        SnapshotRecord snapshot,
        Path target,
        List<EntryPath> selections,
        boolean deleteExtras,
        PathFilter rules,
        Optional<NumericOwner> owner,
        boolean special,
        boolean verify,
        int threads,
        Origin origin) {

    /**
     * Where it comes from.
     *
     * @param volume of this host that the target is; empty for a mere folder
     * @param line the command line that does the same once more; empty when nobody knows
     */
    public record Origin(String volume, String line) {
        static final Origin UNKNOWN = new Origin("", "");
    }

    /** User and group by number. */
    public record NumericOwner(int uid, int gid) {}

    public RestoreRequest {
        selections = List.copyOf(selections);
        target = target.toAbsolutePath().normalize();
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads");
        }
        if (deleteExtras && !selections.isEmpty()) {
            throw new IllegalArgumentException("extras are deleted only when a whole volume is restored");
        }
    }

    /** The whole volume, all threads' defaults: nothing deleted, own owners, nothing special. */
    public static RestoreRequest whole(SnapshotRecord snapshot, Path target, int threads) {
        return new RestoreRequest(
                snapshot,
                target,
                List.of(),
                false,
                PathFilter.everything(),
                Optional.empty(),
                false,
                false,
                threads,
                Origin.UNKNOWN);
    }

    public RestoreRequest withSelections(List<EntryPath> chosen) {
        return new RestoreRequest(snapshot, target, chosen, false, rules, owner, special, verify, threads, origin);
    }

    public RestoreRequest deletingExtras() {
        return deletingExtras(PathFilter.everything());
    }

    /** Extras go, but for what {@code rules} leave out. */
    public RestoreRequest deletingExtras(PathFilter rules) {
        return new RestoreRequest(snapshot, target, selections, true, rules, owner, special, verify, threads, origin);
    }

    public RestoreRequest withSpecial() {
        return new RestoreRequest(
                snapshot, target, selections, deleteExtras, rules, owner, true, verify, threads, origin);
    }

    public RestoreRequest verifying() {
        return new RestoreRequest(
                snapshot, target, selections, deleteExtras, rules, owner, special, true, threads, origin);
    }

    public RestoreRequest ownedBy(int uid, int gid) {
        Optional<NumericOwner> all = Optional.of(new NumericOwner(uid, gid));
        return new RestoreRequest(
                snapshot, target, selections, deleteExtras, rules, all, special, verify, threads, origin);
    }

    public RestoreRequest from(Origin known) {
        return new RestoreRequest(
                snapshot, target, selections, deleteExtras, rules, owner, special, verify, threads, known);
    }
}
