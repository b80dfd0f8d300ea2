package dev.holdfast.server.local;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.server.session.LocalSnapshots;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of this server's own volumes, one run at a time. Whoever asks gets what was read after the question: a run that has not
 * begun serves all who ask before it does, and one that is under way serves nobody who comes later.
 */
public final class SnapshotsOnDemand implements LocalSnapshots, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SnapshotsOnDemand.class);

    private final String host;
    private final LocalAgent agent;
    private final Consumer<ByteLink> serve;
    private final Map<String, Run> waiting = new HashMap<>();
    private final ExecutorService worker;
    private volatile boolean closed;

    /** {@code serve} runs a session of {@code host} until it is over. */
    public SnapshotsOnDemand(String host, LocalAgent agent, Consumer<ByteLink> serve) {
        this.host = host;
        this.agent = agent;
        this.serve = serve;
        this.worker = Executors.newSingleThreadExecutor(task -> daemon(task, "holdfast-local"));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public String find(String volume) {
        try {
            return agent.find(volume);
        } catch (HoldfastException e) {
            throw new HoldfastException(ofThisServer(e.problem()), e);
        }
    }

    /** Whoever asked is on another machine, and would look there for what is wrong here. */
    private Problem ofThisServer(Problem problem) {
        String server = "server '" + host + "'";
        if (problem.message().contains(server)) {
            return problem;
        }
        String hint = problem.hint().isEmpty() ? "" : "On that server: " + problem.hint();
        return new Problem(problem.code(), "on " + server + ": " + problem.message(), hint, problem.context());
    }

    @Override
    public synchronized Taking take(String volume) {
        Run present = waiting.get(volume);
        if (present != null) {
            return present;
        }
        Run run = new Run();
        try {
            worker.execute(() -> carryOut(volume, run));
        } catch (RejectedExecutionException e) {
            throw new HoldfastException(stopping(), e);
        }
        waiting.put(volume, run);
        return run;
    }

    private static Problem stopping() {
        return Problem.of(ProblemCode.BUSY, "the server is stopping", "Try again once it runs again.");
    }

    private void carryOut(String volume, Run run) {
        synchronized (this) {
            waiting.remove(volume);
        }
        if (closed) {
            run.failed(stopping());
            return;
        }
        try {
            SnapshotRecord record = agent.backUp(volume, this::connect, run, () -> closed);
            run.made(record);
        } catch (HoldfastException e) {
            log.warn(
                    "local volume '{}' could not be backed up: {} [{}]",
                    volume,
                    e.problem().message(),
                    e.problem().code().label());
            run.failed(closed ? stopping() : ofThisServer(e.problem()));
        } catch (RuntimeException e) {
            log.error("the backup of local volume '{}' failed", volume, e);
            run.failed(Problem.of(ProblemCode.BUG, "the server failed: " + e, "See the server's log."));
        }
    }

    private ByteLink connect() {
        try {
            InnerLink.Pair pair = InnerLink.open(host);
            daemon(() -> serveAndClose(pair.server()), "holdfast-local-session").start();
            return pair.agent();
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "the server cannot open a pipe: " + e.getMessage(),
                            "Raise its limit of open files."),
                    e);
        }
    }

    private void serveAndClose(InnerLink link) {
        try (link) {
            serve.accept(link);
        } catch (IOException e) {
            log.debug("a pipe could not be closed: {}", e.getMessage());
        }
    }

    /** Lets go of the run under way, whose next one goes on from there; returns when it has ended, or after a while. */
    @Override
    public void close() {
        closed = true;
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
                log.warn("the backup of a local volume takes its time to end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            waiting.values().forEach(run -> run.failed(stopping()));
            waiting.clear();
        }
    }
}
