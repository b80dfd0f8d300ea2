package dev.holdfast.agent.backup;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Extent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of each shared chunk this snapshot still uses. Chunks used less than half are named in the snapshot; the next backup
 * stores the files in them anew, so that prune can drop the chunk. About 150 bytes of memory per shared chunk.
 */
final class LiveShares {
    private static final class Share {
        private final int total;
        private long live;

        Share(int total) {
            this.total = total;
        }
    }

    private final Map<ObjectId, Share> shares = new HashMap<>();

    void count(Content content) {
        if (content instanceof Content.Inline inline) {
            for (Extent extent : inline.extents()) {
                if (extent instanceof Extent.Data data && data.length() < data.chunkBytes()) {
                    shares.computeIfAbsent(data.chunk(), id -> new Share(data.chunkBytes())).live += data.length();
                }
            }
        }
    }

    List<ObjectId> sparse() {
        List<ObjectId> sparse = new ArrayList<>();
        shares.forEach((id, share) -> {
            if (share.live * 2 < share.total && sparse.size() < SnapshotManifest.MAX_SPARSE) {
                sparse.add(id);
            }
        });
        sparse.sort(null);
        return sparse;
    }
}
