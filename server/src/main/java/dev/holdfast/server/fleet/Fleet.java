package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.session.FleetDesk;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All hosts of this server and their volumes: {@link #open} to have it, {@link #status} to ask. It looks by itself at short intervals
 * whether something has become overdue or is well again, and tells the {@link FleetListener}.
 */
public final class Fleet implements FleetDesk, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Fleet.class);
    private static final long LOOK_EVERY_SECONDS = 5;

    private final FleetBook book;
    private final Supplier<List<Expected>> expectations;
    private final InstantSource clock;
    private final FleetListener listener;
    private final OrderBoard orders = new OrderBoard();
    private final Map<String, Present> present = new HashMap<>();
    private final Map<Expected.Key, Instant> started = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "holdfast-fleet");
        thread.setDaemon(true);
        return thread;
    });

    private Fleet(FleetBook book, Supplier<List<Expected>> expectations, InstantSource clock, FleetListener listener) {
        this.book = book;
        this.expectations = expectations;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Takes up what is remembered, and begins to look.
     *
     * @param file where it is remembered
     * @param expectations what the configuration says and the repository has, at the moment of asking
     */
    public static Fleet open(
            Path file, Supplier<List<Expected>> expectations, InstantSource clock, FleetListener listener) {
        Fleet fleet = new Fleet(FleetBook.open(file), expectations, clock, listener);
        var unused = fleet.timer.scheduleWithFixedDelay(
                fleet::lookQuietly, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
        return fleet;
    }

    /** The agent of a host that is connected. */
    private final class Present implements Standing {
        private final String host;
        private final Agent agent;

        Present(String host, Agent agent) {
            this.host = host;
            this.agent = agent;
        }

        @Override
        public void announced(Announcement announcement) {
            synchronized (Fleet.this) {
                Instant now = clock.instant();
                book.put(record(host, now).announced(announcement, now));
            }
        }

        @Override
        public void advanced(OrderProgress progress) {
            orders.advanced(agent, progress);
        }

        @Override
        public void ended(OrderEnd end) {
            orders.ended(agent, end);
        }

        @Override
        public void close() {
            synchronized (Fleet.this) {
                if (present.remove(host, this)) {
                    started.keySet().removeIf(volume -> volume.host().equals(host));
                    book.put(record(host, clock.instant()).seen(clock.instant()));
                }
            }
            orders.gone(agent);
        }
    }

    private HostRecord record(String host, Instant now) {
        return book.host(host).orElse(HostRecord.fresh(host, now));
    }

    @Override
    public Standing stand(String host, Agent agent) {
        Present fresh = new Present(host, agent);
        Optional<Present> before;
        synchronized (this) {
            before = Optional.ofNullable(present.put(host, fresh));
            book.put(record(host, clock.instant()).seen(clock.instant()));
        }
        before.ifPresent(Present::close);
        log.info("the agent of {} is here", host);
        return fresh;
    }

    @Override
    public void reported(String host, RunReport report) {
        Expected.Key volume = new Expected.Key(host, report.volume());
        if (expectations.get().stream().noneMatch(one -> one.key().equals(volume))) {
            log.debug("{} tells of '{}', which is not backed up here", host, report.volume());
            return;
        }
        Instant at = clock.instant().minus(report.ago());
        if (note(volume, report, at)) {
            try {
                timer.execute(() -> {
                    save();
                    tell(() -> listener.ended(host, report, at));
                });
            } catch (RejectedExecutionException e) {
                log.debug("the server is stopping, and tells nobody how '{}' of {} went", report.volume(), host);
            }
        }
    }

    /** What is written down in one go is all that has come meanwhile. */
    private synchronized void save() {
        book.save();
    }

    /** Whether it is the end of a run that was not known before. */
    private synchronized boolean note(Expected.Key volume, RunReport report, Instant at) {
        if (report.result() == RunReport.Result.STARTED) {
            started.put(volume, at);
            return false;
        }
        started.remove(volume);
        if (book.run(volume).filter(last -> report.repeats(last.report())).isPresent()) {
            return false;
        }
        book.put(volume, new LastRun(report, at));
        return true;
    }

    @Override
    public List<VolumeStatus> status() {
        List<Expected> expected = expectations.get();
        Instant now = clock.instant();
        Judgement judgement = new Judgement(now);
        synchronized (this) {
            return expected.stream().map(one -> judge(judgement, one, now)).toList();
        }
    }

    private VolumeStatus judge(Judgement judgement, Expected one, Instant now) {
        return judgement.of(
                one,
                book.host(one.host()),
                present.containsKey(one.host()),
                Optional.ofNullable(started.get(one.key())),
                book.run(one.key()),
                book.knownSince(one.key(), now));
    }

    @Override
    public void place(Order order, Customer customer) {
        Agent agent = find(order.host()).orElseThrow(() -> absent(order.host()));
        orders.place(order, agent, customer);
    }

    private synchronized Optional<Agent> find(String host) {
        return Optional.ofNullable(present.get(host)).map(one -> one.agent);
    }

    private HoldfastException absent(String host) {
        if (expectations.get().stream().noneMatch(one -> one.host().equals(host))) {
            return Problem.of(
                            ProblemCode.NOT_FOUND,
                            "host '" + host + "' backs nothing up to this server",
                            "`holdfast status` lists the hosts that do.")
                    .asException();
        }
        String since = book.host(host)
                .map(one -> "has been away since " + one.since().truncatedTo(ChronoUnit.SECONDS))
                .orElse("has never been here");
        return Problem.of(
                        ProblemCode.UNREACHABLE,
                        "the agent of host '" + host + "' is not connected: it " + since,
                        "On '" + host + "', run `holdfast schedule start`; an agent of a version before this does not"
                                + " take orders.")
                .asException();
    }

    @Override
    public void cancel(UUID order, Customer customer) {
        orders.cancel(order, customer);
    }

    private void lookQuietly() {
        try {
            look();
        } catch (RuntimeException e) {
            log.error("looking after the hosts failed", e);
        }
    }

    /** What has become overdue or is well again since the last look is told; what was learnt is written down. */
    void look() {
        List<VolumeStatus> all = status();
        all.forEach(this::look);
        synchronized (this) {
            book.keepOnly(all.stream()
                    .map(one -> new Expected.Key(one.host(), one.volume()))
                    .toList());
            book.save();
        }
    }

    private void look(VolumeStatus one) {
        Expected.Key key = new Expected.Key(one.host(), one.volume());
        boolean newlyOverdue;
        boolean recovered;
        synchronized (this) {
            newlyOverdue = one.overdue() && book.markOverdue(key);
            if (one.failed()) {
                book.markFailed(key);
            }
            recovered = one.isWell() && book.clear(key);
        }
        if (newlyOverdue) {
            log.warn("the backup of '{}' of {} is overdue", one.volume(), one.host());
            tell(() -> listener.overdue(one));
        }
        if (recovered) {
            log.info("'{}' of {} is backed up again", one.volume(), one.host());
            tell(() -> listener.recovered(one));
        }
    }

    private static void tell(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException e) {
            log.error("telling of the state of a host failed", e);
        }
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(5, TimeUnit.SECONDS)) {
                timer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            book.save();
        }
    }
}
