package dev.holdfast.agent.restore;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.tree.References;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.object.MalformedObjectException;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Unsealer;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.Extent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Brings chunks to the files that want them. The walk gathers a window of files and then asks for all their chunks at once, so
 * that the server can read them in the order of its packs; a few windows are under way. Chunks come in any order; a worker opens
 * each and writes its pieces to all files that want one. A chunk that is under way is not asked for again.
 *
 * <p>Memory: sealed chunks waiting for a worker are bounded by {@link #MEMORY_BYTES}, beyond which the link's reading thread, and
 * through it the server, waits; beside them one opened chunk per worker and the windows' lists of pieces.
 */
final class Fetcher implements AutoCloseable {
    private static final int WINDOW_FILES = 4096;
    private static final long WINDOW_BYTES = 64 << 20;
    private static final int WINDOWS = 3;
    private static final int MEMORY_BYTES = 24 << 20;
    private static final long LOOK_AGAIN_MILLIS = 100;

    private record Piece(FileJob job, long position, int offset, int length) {}

    /** A chunk that somebody wants; in the map until a worker has taken its pieces. */
    private static final class Wanted {
        final ObjectId id;
        final Window window;
        final List<Piece> pieces = new ArrayList<>();
        boolean arrived;

        Wanted(ObjectId id, Window window) {
            this.id = id;
            this.window = window;
        }
    }

    private static final class Window {
        final Map<ObjectId, Question> questions = new HashMap<>();
        final AtomicInteger left = new AtomicInteger();
        int files;
        long bytes;
    }

    private record Question(References from, List<Wanted> wanted) {}

    private record Work(SealedObject object, Wanted wanted) {}

    private final SnapshotReader reader;
    private final Trouble trouble;
    private final Tally tally;
    private final Map<ObjectId, Wanted> wanted = new HashMap<>();
    private final Semaphore windows = new Semaphore(WINDOWS);
    private final Semaphore memory = new Semaphore(MEMORY_BYTES);
    private final BlockingQueue<Work> work = new LinkedBlockingQueue<>();
    private final List<Thread> workers = new ArrayList<>();
    private Window window = new Window();
    private volatile boolean closed;

    Fetcher(SnapshotReader reader, int threads, Trouble trouble, Tally tally) {
        this.reader = reader;
        this.trouble = trouble;
        this.tally = tally;
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(this::work, "holdfast-restore-" + i);
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        }
    }

    Trouble trouble() {
        return trouble;
    }

    Tally tally() {
        return tally;
    }

    // ---- the walk's side

    /** Asks for {@code length} bytes of {@code data}, {@code skip} bytes into it, to be written at {@code position}. */
    void want(References from, Extent.Data data, FileJob job, long position, int skip, int length) {
        job.hold();
        Piece piece = new Piece(job, position, data.offset() + skip, length);
        synchronized (wanted) {
            Wanted chunk = wanted.get(data.chunk());
            if (chunk == null) {
                chunk = new Wanted(data.chunk(), window);
                wanted.put(chunk.id, chunk);
                window.questions
                        .computeIfAbsent(from.parent(), parent -> new Question(from, new ArrayList<>()))
                        .wanted
                        .add(chunk);
            }
            chunk.pieces.add(piece);
        }
        window.bytes += length;
        if (window.bytes >= WINDOW_BYTES) {
            send();
        }
    }

    /** All of one file has been asked for. */
    void endOfFile() {
        if (++window.files >= WINDOW_FILES) {
            send();
        }
    }

    /** Asks for what has been gathered; waits while enough is under way. */
    private void send() {
        Window full = window;
        window = new Window();
        int count = full.questions.values().stream()
                .mapToInt(question -> question.wanted.size())
                .sum();
        if (count == 0) {
            return;
        }
        acquire(windows, 1);
        full.left.set(count);
        full.questions.values().forEach(this::ask);
    }

    private void ask(Question question) {
        int[] indexes = question.wanted.stream()
                .mapToInt(chunk -> question.from.indexOf(chunk.id))
                .toArray();
        var unused = reader.fetch(question.from, indexes, new ServerLink.ObjectConsumer() {
                    @Override
                    public void accept(SealedObject object) {
                        arrived(object);
                    }

                    @Override
                    public void damaged(ObjectId id, String detail) {
                        lost(id, "stored object " + id.brief() + " is damaged: " + detail);
                    }
                })
                .whenComplete((done, problem) -> answered(question, problem));
    }

    /** Waits until every file that was asked for is finished. */
    void finish() {
        send();
        acquire(windows, WINDOWS);
    }

    private void acquire(Semaphore semaphore, int permits) {
        try {
            while (!semaphore.tryAcquire(permits, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                trouble.check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Trouble.cancelled();
        }
        trouble.check();
    }

    // ---- the link's side

    private void arrived(SealedObject object) {
        tally.fetched(object.length());
        Wanted chunk;
        synchronized (wanted) {
            chunk = wanted.get(object.id());
            if (chunk == null || chunk.arrived || closed) {
                return;
            }
            chunk.arrived = true;
        }
        memory.acquireUninterruptibly(Math.min(object.length(), MEMORY_BYTES));
        work.add(new Work(object, chunk));
    }

    private void answered(Question question, @Nullable Throwable problem) {
        if (problem instanceof HoldfastException known) {
            trouble.stop(known);
        } else if (problem != null) {
            trouble.stop(bug(problem));
        }
        for (Wanted chunk : question.wanted) {
            boolean missing;
            synchronized (wanted) {
                missing = !chunk.arrived && wanted.get(chunk.id) == chunk;
            }
            if (missing && problem == null) {
                lost(chunk.id, "the server left out object " + chunk.id.brief());
            }
        }
    }

    private void lost(ObjectId id, String reason) {
        Wanted chunk;
        synchronized (wanted) {
            chunk = wanted.get(id);
        }
        if (chunk != null) {
            for (Piece piece : take(chunk)) {
                piece.job.failed(reason, true);
                piece.job.release();
            }
            done(chunk);
        }
    }

    private List<Piece> take(Wanted chunk) {
        synchronized (wanted) {
            wanted.remove(chunk.id, chunk);
            return chunk.pieces;
        }
    }

    private void done(Wanted chunk) {
        if (chunk.window.left.decrementAndGet() == 0) {
            windows.release();
        }
    }

    // ---- the workers' side

    private void work() {
        try (Unsealer unsealer = reader.newUnsealer()) {
            while (!closed) {
                Work next = work.take();
                try {
                    write(next, unsealer);
                } catch (RuntimeException | OutOfMemoryError e) {
                    trouble.stop(e instanceof HoldfastException known ? known : bug(e));
                } finally {
                    memory.release(Math.min(next.object.length(), MEMORY_BYTES));
                }
            }
        } catch (InterruptedException e) {
            // close() ends the workers this way.
        }
    }

    private void write(Work next, Unsealer unsealer) {
        byte[] plain;
        try {
            plain = unsealer.open(next.object);
        } catch (MalformedObjectException e) {
            lost(next.wanted.id, String.valueOf(e.getMessage()));
            return;
        }
        for (Piece piece : take(next.wanted)) {
            if (piece.offset + piece.length > plain.length) {
                piece.job.failed("chunk " + next.wanted.id.brief() + " is shorter than the tree says", true);
            } else {
                piece.job.write(piece.position, plain, piece.offset, piece.length);
            }
            piece.job.release();
        }
        done(next.wanted);
    }

    private static HoldfastException bug(Throwable cause) {
        return new HoldfastException(
                Problem.of(ProblemCode.BUG, "a restored chunk could not be written: " + cause, "Report this."), cause);
    }

    /** Stops the workers; what was under way is left as it is. */
    @Override
    public void close() {
        closed = true;
        memory.release(MEMORY_BYTES);
        workers.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
