package dev.holdfast.agent.backup;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.HoldfastException;
import org.jspecify.annotations.Nullable;

/** One object on its way to the server: done when the server has it, or it has been sent on the connection in order. */
final class Ticket {
    private final int plainBytes;
    private @Nullable ObjectId id;
    private @Nullable HoldfastException failure;

    Ticket(int plainBytes) {
        this.plainBytes = plainBytes;
    }

    int plainBytes() {
        return plainBytes;
    }

    synchronized void done(ObjectId objectId) {
        id = objectId;
        notifyAll();
    }

    synchronized void failed(HoldfastException problem) {
        failure = problem;
        notifyAll();
    }

    /** Waits until the object is done; throws what went wrong with it. */
    synchronized ObjectId await() throws InterruptedException {
        while (id == null && failure == null) {
            wait();
        }
        if (failure != null) {
            throw new HoldfastException(failure.problem(), failure);
        }
        return java.util.Objects.requireNonNull(id);
    }
}
