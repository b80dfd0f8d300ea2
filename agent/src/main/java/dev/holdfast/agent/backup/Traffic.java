package dev.holdfast.agent.backup;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.core.progress.Progress;

/** What one run has sent, over all its connections. Objects that were under way when one of them broke count twice: they were sent twice. */
final class Traffic {
    private final Progress progress;
    private long objects;
    private long plainBytes;
    private long earlierBytes;
    private long toldBytes;

    Traffic(Progress progress) {
        this.progress = progress;
    }

    /** An object that the server lacked was sent, or would be if this were no dry run. */
    synchronized void sent(ServerLink link, int objectPlainBytes) {
        objects++;
        plainBytes += objectPlainBytes;
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
