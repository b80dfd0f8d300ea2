package dev.holdfast.agent.backup;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Sealer;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.primitive.Gmac;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.realm.SessionKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Names, compresses, seals and sends objects on several threads. First the id is computed and the server is asked, many at a
 * time, which it lacks; only those go on. A first failure fails everything that is still to come.
 */
final class Uploader implements AutoCloseable {
    private static final int QUESTION_IDS = 64;
    private static final int ZSTD_LEVEL = 2;

    private final ServerLink link;
    private final RealmKey realm;
    private final SessionKey session;
    private final Traffic traffic;
    private final boolean dryRun;
    private final AtomicLong nonces = new AtomicLong();
    private final BlockingDeque<Work> work = new LinkedBlockingDeque<>();
    private final List<Thread> workers = new ArrayList<>();
    private List<Job> unasked = new ArrayList<>();
    private boolean slotSent;
    private volatile @Nullable HoldfastException failure;
    private volatile boolean closed;

    /** One step of one object or another piece of work, done on a worker with its tools. */
    private interface Work {
        void on(Tools tools);
    }

    private final class Job {
        final Ticket ticket;
        final ObjectKind kind;
        final byte[] references;
        final byte[] plain;
        final int offset;
        final @Nullable Slab slab;

        @Nullable
        ObjectId id;

        Job(Ticket ticket, ObjectKind kind, byte[] references, byte[] plain, int offset, @Nullable Slab slab) {
            this.ticket = ticket;
            this.kind = kind;
            this.references = references;
            this.plain = plain;
            this.offset = offset;
            this.slab = slab;
        }

        void name(Sealer sealer) {
            id = sealer.id(kind, references, plain, offset, ticket.plainBytes());
            ask(this);
        }

        void send(Sealer sealer) {
            ObjectId named = java.util.Objects.requireNonNull(id);
            if (!dryRun) {
                SealedObject sealed = sealer.seal(named, kind, references, plain, offset, ticket.plainBytes());
                sendSlotFirst();
                link.put(sealed);
            }
            traffic.sent(link, named, ticket.plainBytes());
            finish();
        }

        void finish() {
            ticket.done(java.util.Objects.requireNonNull(id));
            letGo();
        }

        void letGo() {
            if (slab != null) {
                slab.release();
            }
        }
    }

    Uploader(ServerLink link, RealmKey realm, SecureRandom random, Traffic traffic, int threads, boolean dryRun) {
        this.link = link;
        this.realm = realm;
        this.session = realm.newSession(random);
        this.traffic = traffic;
        this.dryRun = dryRun;
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(this::run, "holdfast-seal-" + i);
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        }
    }

    /** Takes on {@code slab[offset .. offset+length)} as a chunk; the part must not change any more. */
    Ticket chunk(Slab slab, int offset, int length) {
        return submit(new Job(new Ticket(length), ObjectKind.CHUNK, new byte[0], slab.array(), offset, slab.hold()));
    }

    /** Takes on an object with references, all of which must be done. */
    Ticket object(ObjectKind kind, byte[] references, byte[] plain) {
        return submit(new Job(new Ticket(plain.length), kind, references, plain, 0, null));
    }

    private Ticket submit(Job job) {
        work.addLast(tools -> step(job, () -> job.name(tools.sealer())));
        return job.ticket;
    }

    /** The fingerprints of pages of {@code slab[offset .. offset+length)}, which must not change until they are there. */
    CompletableFuture<byte[]> fingerprints(Slab slab, int offset, int length, int pageBytes) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        Slab held = slab.hold();
        work.addLast(tools -> {
            try {
                answer.complete(PageFingerprints.of(tools.pages(), held.array(), offset, length, pageBytes));
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            } finally {
                held.release();
            }
        });
        return answer;
    }

    private void ask(Job job) {
        List<Job> full = null;
        synchronized (this) {
            unasked.add(job);
            if (unasked.size() >= QUESTION_IDS) {
                full = unasked;
                unasked = new ArrayList<>();
            }
        }
        if (full != null) {
            ask(full);
        }
    }

    /** Asks about what has been named so far, so that nobody waits for a question that is not full. */
    void askNow() {
        List<Job> some;
        synchronized (this) {
            some = unasked;
            unasked = new ArrayList<>();
        }
        if (!some.isEmpty()) {
            ask(some);
        }
    }

    private void ask(List<Job> jobs) {
        List<ObjectId> ids = new ArrayList<>(jobs.size());
        jobs.forEach(job -> ids.add(java.util.Objects.requireNonNull(job.id)));
        try {
            var unused = link.have(ids).whenComplete((lacking, problem) -> answered(jobs, lacking, problem));
        } catch (HoldfastException e) {
            jobs.forEach(job -> fail(job, e));
        }
    }

    private void answered(List<Job> jobs, @Nullable BitSet lacking, @Nullable Throwable problem) {
        for (int i = jobs.size() - 1; i >= 0; i--) {
            Job job = jobs.get(i);
            if (lacking == null) {
                fail(job, problem instanceof HoldfastException known ? known : bug(problem));
            } else if (lacking.get(i)) {
                work.addFirst(tools -> step(job, () -> job.send(tools.sealer())));
            } else {
                job.finish();
            }
        }
    }

    private synchronized void sendSlotFirst() {
        if (!slotSent) {
            link.put(Sealer.slot(session));
            slotSent = true;
        }
    }

    private void run() {
        try (Tools tools = new Tools()) {
            while (!closed) {
                work.takeFirst().on(tools);
                if (work.isEmpty()) {
                    askNow();
                }
            }
        } catch (InterruptedException e) {
            // close() ends the workers this way.
        }
    }

    /** Of one worker; got when first needed, so that what goes wrong then fails the work and not only the worker. */
    private final class Tools implements AutoCloseable {
        private @Nullable Sealer sealer;
        private @Nullable Gmac pages;

        Sealer sealer() {
            if (sealer == null) {
                sealer = new Sealer(realm, session, nonces, ZSTD_LEVEL);
            }
            return sealer;
        }

        Gmac pages() {
            if (pages == null) {
                pages = realm.newPageMac();
            }
            return pages;
        }

        @Override
        public void close() {
            if (sealer != null) {
                sealer.close();
            }
        }
    }

    private void step(Job job, Runnable action) {
        HoldfastException broken = failure;
        if (broken != null) {
            fail(job, broken);
            return;
        }
        try {
            action.run();
        } catch (HoldfastException e) {
            fail(job, e);
        } catch (RuntimeException | Error e) {
            fail(job, bug(e));
        }
    }

    static HoldfastException bug(@Nullable Throwable cause) {
        Problem problem = Problem.of(ProblemCode.BUG, "an object could not be sealed: " + cause, "Report this.");
        return cause == null ? new HoldfastException(problem) : new HoldfastException(problem, cause);
    }

    private void fail(Job job, HoldfastException problem) {
        if (failure == null) {
            failure = problem;
        }
        job.ticket.failed(problem);
        job.letGo();
    }

    /** Throws the first failure, if there was one. */
    void check() {
        HoldfastException broken = failure;
        if (broken != null) {
            throw new HoldfastException(broken.problem(), broken);
        }
    }

    @Override
    public void close() {
        closed = true;
        workers.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        session.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
