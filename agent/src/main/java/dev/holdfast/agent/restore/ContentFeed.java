package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.References;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Extent;
import java.util.List;
import java.util.Optional;

/** Asks for the pieces of one file at a time. For the walking thread alone. */
final class ContentFeed {
    /** Extent lists fetched at once. */
    private static final int LISTS = 8;

    private final SnapshotReader reader;
    private final Fetcher fetcher;

    ContentFeed(SnapshotReader reader, Fetcher fetcher) {
        this.reader = reader;
        this.fetcher = fetcher;
    }

    /** Asks for whatever {@code reuse} does not find here. */
    void feed(FileJob job, Block block, Optional<Reuse> reuse) throws FileAccessException {
        Content content = job.entry().content();
        if (content instanceof Content.Inline inline) {
            extents(job, block.references(), inline.extents(), 0, reuse);
        } else if (content instanceof Content.Listed listed) {
            long position = 0;
            List<Content.Part> parts = listed.parts();
            for (int i = 0; i < parts.size(); i += LISTS) {
                List<Content.Part> some = parts.subList(i, Math.min(parts.size(), i + LISTS));
                for (SnapshotReader.OpenedList opened : reader.extentLists(block, some)) {
                    if (reuse.isPresent()) {
                        reuse.get().begin(opened.list(), position);
                    }
                    position = extents(job, opened.references(), opened.list().extents(), position, reuse);
                }
            }
        }
        fetcher.endOfFile();
    }

    private long extents(FileJob job, References references, List<Extent> extents, long from, Optional<Reuse> reuse)
            throws FileAccessException {
        long position = from;
        for (Extent extent : extents) {
            if (extent instanceof Extent.Data data) {
                if (reuse.isEmpty()) {
                    fetcher.want(references, data, job, position, 0, data.intLength());
                } else {
                    for (Reuse.Lacking part : reuse.get().lacking(position, data)) {
                        fetcher.want(references, data, job, position + part.skip(), part.skip(), part.length());
                    }
                }
            } else if (reuse.isPresent()) {
                reuse.get().hole(position, extent.length());
            }
            position += extent.length();
        }
        return position;
    }
}
