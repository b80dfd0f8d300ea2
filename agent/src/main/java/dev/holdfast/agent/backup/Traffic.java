package dev.holdfast.agent.backup;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.progress.Progress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one run has sent, over all its connections. An object counts once, though it was sent again because it was under way when one of
 * them broke, or because two workers found it lacking at the same time; its bytes on the wire count each time.
 */
final class Traffic {
    /** Far more objects than are ever under way; those are the only ones that are sent twice. */
    private static final int REMEMBERED = 1 << 14;

    private final Progress progress;
    private final Set<ObjectId> lately = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectId, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });
    private long objects;
    private long plainBytes;
    private long earlierBytes;
    private long toldBytes;

    Traffic(Progress progress) {
        this.progress = progress;
    }

    /** An object that the server lacked was sent, or would be if this were no dry run. */
    synchronized void sent(ServerLink link, ObjectId id, int objectPlainBytes) {
        if (lately.add(id)) {
            objects++;
            plainBytes += objectPlainBytes;
        }
        tell(link);
    }

    /** This connection is over. */
    synchronized void ended(ServerLink link) {
        tell(link);
        earlierBytes += link.bytesSent();
    }

    private void tell(ServerLink link) {
        long bytes = earlierBytes + link.bytesSent();
        progress.transferred(bytes - toldBytes);
        toldBytes = bytes;
    }

    /** Objects that the server lacked. */
    synchronized long objects() {
        return objects;
    }

    /** Their bytes before compression. */
    synchronized long plainBytes() {
        return plainBytes;
    }

    /** Over the wire, with everything around the objects; {@code link} is the connection that is still open. */
    synchronized long bytes(ServerLink link) {
        tell(link);
        return toldBytes;
    }
}
