package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.core.tree.Entry;
import java.nio.charset.StandardCharsets;

/** Finishes folders: takes away what earlier runs left in them, gives them their metadata, closes them. */
final class Finisher {
    private final MetadataPolicy policy;
    private final Tally tally;
    private final Trouble trouble;

    Finisher(MetadataPolicy policy, Tally tally, Trouble trouble) {
        this.policy = policy;
        this.tally = tally;
        this.trouble = trouble;
    }

    void finish(Folder folder) {
        try {
            if (!trouble.stopped()) {
                clean(folder);
                giveMetadata(folder);
            }
        } catch (FileAccessException e) {
            if (!trouble.endsRun(e)) {
                tally.failed(folder.path(), String.valueOf(e.getMessage()), false);
            }
        } finally {
            folder.directory().close();
        }
    }

    private static void clean(Folder folder) throws FileAccessException {
        for (String leftover : folder.leftovers()) {
            folder.directory().removeTree(leftover.getBytes(StandardCharsets.US_ASCII));
            folder.touch();
        }
    }

    private void giveMetadata(Folder folder) throws FileAccessException {
        Folder.Facts facts = folder.facts();
        Entry entry = facts.entry;
        if (entry != null && (facts.dirty || folder.touched())) {
            boolean bare = facts.fresh && !facts.inheriting;
            policy.apply(entry.path(), policy.of(entry), folder.directory().attributes(), bare);
        } else if (facts.openedFrom >= 0) {
            folder.directory().attributes().setMode(facts.openedFrom);
        }
    }
}
