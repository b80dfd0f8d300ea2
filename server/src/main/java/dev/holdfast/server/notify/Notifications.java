package dev.holdfast.server.notify;

import dev.holdfast.core.config.Channel;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.NotifyEvent;
import dev.holdfast.core.config.Watch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notifications of a server. It looks around every few seconds and whenever it is told that something happened, in a thread of its
 * own; nothing here makes a caller wait. Without channels in the configuration it does nothing.
 */
public final class Notifications implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Notifications.class);
    private static final String FOLDER = "notify";
    private static final Duration EVERY = Duration.ofSeconds(15);
    /** A look for damage may read the history of all hosts. */
    private static final Duration THOROUGHLY_EVERY = Duration.ofMinutes(15);
    /** How late a summary may be. */
    private static final Duration MADE_UP = Duration.ofDays(1);

    private static final int MOST_TASKS = 10_000;
    private static final Duration LETTING_GO = Duration.ofSeconds(2);

    private final Setup setup;
    private final Observer observer;
    private final ScheduledThreadPoolExecutor worker;
    private final AtomicBoolean lookAsked = new AtomicBoolean();
    private volatile List<Courier> couriers = List.of();
    private Configuration configuration;
    private Optional<Lookout> lookout = Optional.empty();
    private Instant looked = Instant.MIN;

    /**
     * Whose notifications they are.
     *
     * @param server its name
     * @param state its state folder
     * @param environment where secrets may be
     * @param zone of its machine
     */
    public record Setup(String server, Path state, Map<String, String> environment, ZoneId zone, InstantSource clock) {
        public Setup {
            environment = Map.copyOf(environment);
        }

        @Override
        public String toString() {
            return "Setup[server=" + server + ", state=" + state + "]";
        }
    }

    private Notifications(Setup setup, Configuration configuration, Observer observer) {
        this.setup = setup;
        this.observer = observer;
        this.configuration = configuration;
        this.worker = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "holdfast-notify");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins to look around. */
    public static Notifications start(Setup setup, Configuration configuration, Observer observer) {
        Notifications notifications = new Notifications(setup, configuration, observer);
        notifications.adopt(configuration);
        var unused = notifications.worker.scheduleWithFixedDelay(
                () -> notifications.safely(notifications::look),
                EVERY.toMillis(),
                EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
        return notifications;
    }

    /** Lets a changed configuration count. */
    public void adopt(Configuration fresh) {
        submit(() -> {
            configuration = fresh;
            engage(Trial.channels(fresh, setup.server()));
            lookout.ifPresent(one -> one.adopt(fresh));
            look();
        });
    }

    /** Something happened that may have changed what is to be seen. */
    public void wake() {
        if (!lookAsked.getAndSet(true)) {
            submit(() -> {
                lookAsked.set(false);
                look();
            });
        }
    }

    /** A host has begun to send. */
    public void began(String host, String volume) {
        submit(() -> {
            if (lookout.isPresent()) {
                tell(List.of(lookout.get().wording(now()).started(host, volume)));
            }
        });
    }

    /** A host says that a run came to nothing at that moment; what was to be seen before that counts first. */
    public void failed(String host, String volume, Cause cause, Instant at) {
        submit(() -> {
            look();
            if (lookout.isPresent()) {
                tell(lookout.get().failed(host, volume, cause, at, now()));
                lookout.get().book().write();
            }
        });
    }

    private Instant now() {
        return setup.clock().instant();
    }

    private void submit(Runnable task) {
        if (worker.getQueue().size() >= MOST_TASKS) {
            return; // the next look sees most of it
        }
        try {
            worker.execute(() -> safely(task));
        } catch (RejectedExecutionException e) {
            // closed: what happens now is seen when the server runs again
        }
    }

    private void safely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("a fault in Holdfast; please report it to the project", e);
        }
    }

    private void engage(List<Channel> channels) {
        List<Courier> engaged = new ArrayList<>(couriers);
        engaged.removeIf(courier -> !channels.contains(courier.channel()));
        end(couriers.stream().filter(courier -> !engaged.contains(courier)).toList());
        Map<Channel, Path> outboxes = outboxes(setup.state(), channels);
        for (Channel channel : channels) {
            if (engaged.stream().noneMatch(courier -> courier.channel().equals(channel))) {
                open(channel, outboxes.getOrDefault(channel, folder(setup.state())))
                        .ifPresent(engaged::add);
            }
        }
        couriers = List.copyOf(engaged);
        if (!engaged.isEmpty() && lookout.isEmpty()) {
            lookout = Optional.of(new Lookout(
                    setup.server(), LookoutBook.in(folder(setup.state())), configuration, setup.zone(), now()));
        }
    }

    private Optional<Courier> open(Channel channel, Path outbox) {
        try {
            if (channel.receiver().isOpenToAll()) {
                log.warn("what channel '{}' tells can be read on its way: it is not encrypted", channel.name());
            }
            return Optional.of(Courier.start(
                    channel,
                    Outbox.in(outbox),
                    Senders.of(channel, setup.environment(), HttpPost.PATIENCE),
                    setup.clock(),
                    Pace.USUAL));
        } catch (IOException e) {
            log.error("channel '{}' cannot be used: {}", channel.name(), e.toString());
            return Optional.empty();
        }
    }

    private static Path folder(Path state) {
        return state.resolve(FOLDER);
    }

    /** Where what waits for each channel lies; several may lead to one receiver. */
    static Map<Channel, Path> outboxes(Path state, List<Channel> channels) {
        Map<Channel, Path> outboxes = new HashMap<>();
        Set<String> taken = new HashSet<>();
        for (Channel channel : channels) {
            String name = channel.identity();
            for (int i = 2; !taken.add(name); i++) {
                name = channel.identity() + "-" + i;
            }
            outboxes.put(channel, folder(state).resolve(name));
        }
        return outboxes;
    }

    private void look() {
        if (lookout.isEmpty() || couriers.isEmpty()) {
            return;
        }
        Instant now = now();
        boolean thorough = looked.isBefore(now.minus(THOROUGHLY_EVERY));
        Sighting sighting = observer.look(thorough);
        if (thorough) {
            looked = now;
        }
        Lookout one = lookout.get();
        tell(one.look(sighting, now));
        summarize(one, sighting, now);
        one.book().write();
    }

    private void tell(List<Notice> notices) {
        for (Notice notice : notices) {
            for (Courier courier : couriers) {
                if (courier.takes(notice)) {
                    courier.post(notice);
                }
            }
        }
    }

    /** Once for each time it is due; one that is more than a day late is let go. */
    private void summarize(Lookout one, Sighting sighting, Instant now) {
        Instant due = lastDue(now);
        Optional<Instant> before = one.book().digest();
        if (before.isPresent() && !before.get().isBefore(due)) {
            return;
        }
        one.book().digest(due);
        List<Courier> readers = couriers.stream()
                .filter(courier -> courier.channel().on().contains(NotifyEvent.DIGEST))
                .toList();
        if (before.isEmpty() || readers.isEmpty() || due.plus(MADE_UP).isBefore(now)) {
            return;
        }
        Map<String, Observer.Runs> runs = observer.runsSince(now.minus(Digest.WEEK));
        for (Courier reader : readers) {
            reader.post(Digest.of(
                    setup.server(),
                    one.wording(now),
                    now,
                    sighting,
                    runs,
                    one.book(),
                    reader.channel().reach()));
        }
    }

    private Instant lastDue(Instant now) {
        Watch.Digest digest = configuration.watch().digestInForce();
        ZoneId zone = configuration.timeZone().orElse(setup.zone());
        LocalDate day = now.atZone(zone).toLocalDate().with(TemporalAdjusters.previousOrSame(digest.on()));
        Instant due = day.atTime(digest.at()).atZone(zone).toInstant();
        return due.isAfter(now)
                ? day.minusWeeks(1).atTime(digest.at()).atZone(zone).toInstant()
                : due;
    }

    /** Channels that take nothing. */
    public List<String> warnings() {
        return couriers.stream()
                .flatMap(courier -> courier.complaint().stream())
                .toList();
    }

    /** What waits goes on waiting on disk. */
    @Override
    public void close() {
        worker.shutdown();
        try {
            if (!worker.awaitTermination(LETTING_GO.toMillis(), TimeUnit.MILLISECONDS)) {
                worker.shutdownNow();
            }
        } catch (InterruptedException e) {
            worker.shutdownNow();
            Thread.currentThread().interrupt();
        }
        end(couriers);
    }

    /** Lets them finish what they are saying, for a short time. */
    private static void end(List<Courier> ended) {
        ended.forEach(Courier::close);
        long end = System.nanoTime() + LETTING_GO.toNanos();
        ended.forEach(courier -> courier.awaitEnd(Duration.ofNanos(end - System.nanoTime())));
    }
}
