package dev.holdfast.agent.link;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a session's incoming messages and matches them with the questions that were asked. The server works through a
 * session's messages in order, so objects always belong to the oldest open fetch.
 */
final class Answers {
    private record Fetching(int question, ServerLink.ObjectConsumer consumer, CompletableFuture<Void> done) {}

    private record Taking(Consumer<Message.TakingLocal> watcher, CompletableFuture<SnapshotRecord> taken) {}

    private final FrameReader reader;
    private final String peer;
    private final Thread thread;
    private final AtomicInteger questions = new AtomicInteger();

    private final Map<Integer, CompletableFuture<BitSet>> lacks = new HashMap<>();
    private final Queue<Fetching> fetches = new ArrayDeque<>();
    private final Queue<CompletableFuture<Message.Begun>> begins = new ArrayDeque<>();
    private final Queue<CompletableFuture<SnapshotRecord>> commits = new ArrayDeque<>();
    private final Queue<CompletableFuture<Listing>> lists = new ArrayDeque<>();
    private final Queue<CompletableFuture<Boolean>> grants = new ArrayDeque<>();
    private final Queue<CompletableFuture<String>> keyrings = new ArrayDeque<>();
    private final Queue<CompletableFuture<Message.Local>> locals = new ArrayDeque<>();
    private final Queue<Taking> takings = new ArrayDeque<>();
    private List<SnapshotRecord> listing = new ArrayList<>();
    private volatile boolean closing;
    private volatile @Nullable HoldfastException failure;

    Answers(FrameReader reader, String peer) {
        this.reader = reader;
        this.peer = peer;
        this.thread = new Thread(this::run, "holdfast-answers");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    int nextQuestion() {
        return questions.incrementAndGet();
    }

    /** Throws what broke the session, if anything did. */
    void check() {
        HoldfastException broken = failure;
        if (broken != null) {
            throw new HoldfastException(broken.problem(), broken);
        }
    }

    synchronized CompletableFuture<Message.Begun> begin() {
        return open(begins);
    }

    synchronized CompletableFuture<SnapshotRecord> committed() {
        return open(commits);
    }

    synchronized CompletableFuture<Listing> records() {
        return open(lists);
    }

    synchronized CompletableFuture<Boolean> grant() {
        return open(grants);
    }

    synchronized CompletableFuture<String> keyring() {
        return open(keyrings);
    }

    synchronized CompletableFuture<Message.Local> local() {
        return open(locals);
    }

    synchronized CompletableFuture<SnapshotRecord> taken(Consumer<Message.TakingLocal> watcher) {
        CompletableFuture<SnapshotRecord> answer = fresh();
        takings.add(new Taking(watcher, answer));
        return answer;
    }

    private <T> CompletableFuture<T> open(Queue<CompletableFuture<T>> queue) {
        CompletableFuture<T> answer = fresh();
        queue.add(answer);
        return answer;
    }

    synchronized CompletableFuture<BitSet> lack(int question) {
        CompletableFuture<BitSet> answer = fresh();
        lacks.put(question, answer);
        return answer;
    }

    synchronized CompletableFuture<Void> fetched(int question, ServerLink.ObjectConsumer consumer) {
        CompletableFuture<Void> answer = fresh();
        fetches.add(new Fetching(question, consumer, answer));
        return answer;
    }

    private <T> CompletableFuture<T> fresh() {
        CompletableFuture<T> answer = new CompletableFuture<>();
        HoldfastException broken = failure;
        if (broken != null) {
            answer.completeExceptionally(broken);
        }
        return answer;
    }

    void closing() {
        closing = true;
    }

    void join() {
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                take(reader.read());
            }
        } catch (MalformedException e) {
            fail(new HoldfastException(
                    Problem.of(ProblemCode.PROTOCOL, peer + " broke the protocol: " + e.getMessage(), "Report this."),
                    e));
        } catch (IOException e) {
            fail(
                    closing
                            ? Problem.of(ProblemCode.CANCELLED, "the connection was closed", "")
                                    .asException()
                            : ServerLink.unreachable(peer, e));
        } catch (HoldfastException e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(new HoldfastException(
                    Problem.of(ProblemCode.BUG, "an answer could not be taken: " + e, "Report this."), e));
        }
    }

    private void take(Message message) throws MalformedException {
        if (message instanceof Message.Put put) {
            Fetching head;
            synchronized (this) {
                head = fetches.peek();
            }
            expect(head).consumer.accept(put.object());
        } else if (message instanceof Message.Damaged damaged) {
            Fetching head;
            synchronized (this) {
                head = fetches.peek();
            }
            expect(head).consumer.damaged(damaged.id(), damaged.detail());
        } else if (message instanceof Message.Fetched fetched) {
            Fetching head;
            synchronized (this) {
                head = fetches.poll();
            }
            if (expect(head).question != fetched.question()) {
                throw new MalformedException("answers out of order");
            }
            head.done.complete(null);
        } else if (message instanceof Message.RecordItem item) {
            listing.add(SnapshotRecord.decode(item.record()));
        } else if (message instanceof Message.Failure problem) {
            throw problemOf(problem).asException();
        } else if (!(message instanceof Message.Pong)) {
            takeAnswer(message);
        }
    }

    private void takeAnswer(Message message) throws MalformedException {
        if (message instanceof Message.Lack lack) {
            expect(remove(lacks, lack.question())).complete(lack.lacking());
        } else if (message instanceof Message.Begun begun) {
            expect(poll(begins)).complete(begun);
        } else if (message instanceof Message.Committed committed) {
            expect(poll(commits)).complete(SnapshotRecord.decode(committed.record()));
        } else if (message instanceof Message.RecordsEnd end) {
            List<SnapshotRecord> records = listing;
            listing = new ArrayList<>();
            expect(poll(lists)).complete(new Listing(records, end.damage()));
        } else if (message instanceof Message.Grant grant) {
            expect(poll(grants)).complete(grant.allowed());
        } else if (message instanceof Message.Keyring keyring) {
            expect(poll(keyrings)).complete(keyring.text());
        } else if (message instanceof Message.Local local) {
            expect(poll(locals)).complete(local);
        } else if (message instanceof Message.TakingLocal far) {
            Taking head;
            synchronized (this) {
                head = takings.peek();
            }
            expect(head).watcher.accept(far);
        } else if (message instanceof Message.TakenLocal taken) {
            expect(poll(takings)).taken.complete(SnapshotRecord.decode(taken.record()));
        } else {
            throw new MalformedException("a " + message.getClass().getSimpleName() + " was not asked for");
        }
    }

    private synchronized <T> @Nullable T remove(Map<Integer, T> map, int question) {
        return map.remove(question);
    }

    private synchronized <T> @Nullable T poll(Queue<T> queue) {
        return queue.poll();
    }

    private static <T> T expect(@Nullable T pending) throws MalformedException {
        if (pending == null) {
            throw new MalformedException("an answer to nothing that was asked");
        }
        return pending;
    }

    private void fail(HoldfastException broken) {
        List<CompletableFuture<?>> open = new ArrayList<>();
        synchronized (this) {
            failure = broken;
            open.addAll(lacks.values());
            fetches.forEach(fetching -> open.add(fetching.done));
            open.addAll(begins);
            open.addAll(commits);
            open.addAll(lists);
            open.addAll(grants);
            open.addAll(keyrings);
            open.addAll(locals);
            takings.forEach(taking -> open.add(taking.taken));
        }
        open.forEach(answer -> answer.completeExceptionally(broken));
    }

    static Problem problemOf(Message.Failure failure) {
        return Problem.of(failure.code(), failure.message(), failure.hint());
    }
}
