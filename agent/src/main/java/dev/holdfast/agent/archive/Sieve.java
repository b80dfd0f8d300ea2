package dev.holdfast.agent.archive;

import dev.holdfast.agent.restore.MetadataPolicy;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/** What of an archive is not made on purpose, noted thing by thing in its order: an import and its dry run ask the same. */
final class Sieve {
    private final MetadataPolicy policy;
    private final BiConsumer<EntryPath, String> leftOut;
    private final Set<EntryPath> devices = new HashSet<>();

    Sieve(MetadataPolicy policy, BiConsumer<EntryPath, String> leftOut) {
        this.policy = policy;
        this.leftOut = leftOut;
    }

    /** Whether there will be such a file at all; a further name of a device that is left out has nothing to lead to. */
    boolean passes(TarItem item) {
        Entry entry = item.entry();
        if (item.linkTo().isPresent()) {
            boolean leadsNowhere = devices.contains(item.linkTo().get());
            if (leadsNowhere) {
                leftOut.accept(entry.path(), "device");
            }
            return !leadsNowhere;
        }
        devices.remove(entry.path());
        policy.noteWithheld(entry);
        if (entry.type().isDevice() && !policy.makes(entry)) {
            devices.add(entry.path());
            return false;
        }
        return true;
    }

    /** The same for what is not made now: notes also what the process would have no means for. */
    void foresee(TarItem item) {
        if (passes(item) && item.linkTo().isEmpty()) {
            policy.foresee(item.entry());
        }
    }
}
