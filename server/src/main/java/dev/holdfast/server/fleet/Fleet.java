package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.fleet.RestoreStatus;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All hosts of this server and their volumes: {@link #open} to have it, {@link #status} to ask. It looks by itself at short intervals
 * whether something has become overdue or is well again, and says so in the log.
 */
public final class Fleet implements FleetDesk, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Fleet.class);
    private static final long LOOK_EVERY_SECONDS = 5;

    private final FleetBook book;
    private final Roster roster;
    private final InstantSource clock;
    private final FleetListener listener;
    private final OrderBoard orders = new OrderBoard();
    private final Map<String, Present> present = new HashMap<>();
    private final Map<Expected.Key, Instant> started = new HashMap<>();
    /** What was said to be overdue; used by the timer alone. */
    private final Set<Expected.Key> unwell = new HashSet<>();

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "holdfast-fleet");
        thread.setDaemon(true);
        return thread;
    });

    private Fleet(FleetBook book, Roster roster, InstantSource clock, FleetListener listener) {
        this.book = book;
        this.roster = roster;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Takes up what is remembered, and begins to look.
     *
     * @param file where it is remembered
     * @param roster what the configuration says and the repository has, at the moment of asking
     */
    public static Fleet open(Path file, Roster roster, InstantSource clock, FleetListener listener) {
        Fleet fleet = new Fleet(FleetBook.open(file), roster, clock, listener);
        var unused = fleet.timer.scheduleWithFixedDelay(
                fleet::lookQuietly, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
        return fleet;
    }

    /** The agent of a host that is connected. */
    private final class Present implements Standing {
        private final String host;
        private final Agent agent;
        private List<RestoreStatus> told;

        /** @param told the restores that this host told of last, over another connection */
        Present(String host, Agent agent, List<RestoreStatus> told) {
            this.host = host;
            this.agent = agent;
            this.told = told;
        }

        @Override
        public void announced(Announcement announcement) {
            synchronized (Fleet.this) {
                Instant now = clock.instant();
                book.put(record(host, now).announced(announcement, now));
            }
        }

        @Override
        public void restoring(List<OpenRestore.Told> restores) {
            synchronized (Fleet.this) {
                Instant now = clock.instant();
                HostRecord fresh = record(host, now).restoring(restores, now);
                book.put(fresh);
                told.stream()
                        .map(RestoreStatus::restore)
                        .filter(before -> restores.stream()
                                .noneMatch(one -> one.restore().target().equals(before.target())))
                        .forEach(ended -> book.ended(host, ended));
                told = fresh.restores();
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
        Present fresh;
        Optional<Present> before;
        synchronized (this) {
            fresh = new Present(host, agent, toldLast(host));
            before = Optional.ofNullable(present.put(host, fresh));
            Instant now = clock.instant();
            // One of an older version would say nothing of restores, not even that they have ended.
            book.put(record(host, now).seen(now).restoring(List.of(), now));
        }
        before.ifPresent(Present::close);
        log.info("the agent of {} is here", host);
        return fresh;
    }

    private List<RestoreStatus> toldLast(String host) {
        return Optional.ofNullable(present.get(host))
                .map(before -> before.told)
                .or(() -> book.host(host).map(HostRecord::restores))
                .orElse(List.of());
    }

    @Override
    public void reported(String host, RunReport report) {
        Expected.Key volume = new Expected.Key(host, report.volume());
        if (roster.volumes().stream().noneMatch(one -> one.key().equals(volume))) {
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
        return verdicts().stream().map(Verdict::status).toList();
    }

    @Override
    public List<RestoreStatus> restores() {
        return restores(roster.hosts());
    }

    private synchronized List<RestoreStatus> restores(Set<String> known) {
        Instant now = clock.instant();
        return book.hosts().stream()
                .filter(host -> known.contains(host.host()))
                .sorted(Comparator.comparing(HostRecord::host))
                .flatMap(host -> host.restores().stream()
                        .map(one -> Judgement.of(one, present.containsKey(host.host()), host.since(), now)))
                .toList();
    }

    /** What is to be thought of each volume now. */
    public List<Verdict> verdicts() {
        return verdicts(roster.volumes());
    }

    private synchronized List<Verdict> verdicts(List<Expected> expected) {
        Instant now = clock.instant();
        Judgement judgement = new Judgement(now);
        return expected.stream().map(one -> judge(judgement, one, now)).toList();
    }

    private Verdict judge(Judgement judgement, Expected one, Instant now) {
        return judgement.of(
                one,
                book.host(one.host()),
                present.containsKey(one.host()),
                Optional.ofNullable(started.get(one.key())),
                book.run(one.key()),
                cron -> book.knownSince(new Expected.Job(one.key(), cron.text()), now));
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
        Set<String> known = roster.hosts();
        if (!known.contains(host)) {
            return Problem.of(
                            ProblemCode.NOT_FOUND,
                            "this server knows no host '" + host + "'",
                            known.isEmpty()
                                    ? "Its configuration names no clients."
                                    : "Its hosts are " + String.join(", ", new TreeSet<>(known)) + ".")
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

    /** What has become overdue or is well again since the last look is logged; what was learnt is written down. */
    void look() {
        List<Expected> expected = roster.volumes();
        Set<String> hosts = roster.hosts();
        verdicts(expected).forEach(one -> look(one.status()));
        synchronized (this) {
            book.keepOnly(hosts, expected);
            book.save();
        }
    }

    private void look(VolumeStatus one) {
        Expected.Key key = new Expected.Key(one.host(), one.volume());
        if (one.overdue() && unwell.add(key)) {
            log.warn("the backup of '{}' of {} is overdue", one.volume(), one.host());
        } else if (one.isWell() && unwell.remove(key)) {
            log.info("'{}' of {} is backed up again", one.volume(), one.host());
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
