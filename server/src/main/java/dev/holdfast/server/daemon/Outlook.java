package dev.holdfast.server.daemon;

import dev.holdfast.core.config.Realm;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.schedule.LocalZone;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.server.fleet.Fleet;
import dev.holdfast.server.fleet.Verdict;
import dev.holdfast.server.notify.Notifications;
import dev.holdfast.server.notify.Observer;
import dev.holdfast.server.notify.Sighting;
import dev.holdfast.server.session.Activity;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server's notifications see of it. */
final class Outlook implements Observer {
    private static final Logger log = LoggerFactory.getLogger(Outlook.class);

    private final StatusReport report;
    private final Repository repository;
    private final CurrentGrants membership;
    private final Workload workload;
    private final Fleet fleet;

    Outlook(StatusReport report, Repository repository, CurrentGrants membership, Workload workload, Fleet fleet) {
        this.report = report;
        this.repository = repository;
        this.membership = membership;
        this.workload = workload;
        this.fleet = fleet;
    }

    /** Whose notifications they are; times are in the zone of the environment, else in that of the machine. */
    static Notifications.Setup of(ServerSetup setup) {
        return new Notifications.Setup(
                setup.name(), setup.state(), setup.environment(), LocalZone.of(setup.environment()), setup.clock());
    }

    /** The same activity, of which notifications hear too. */
    static Activity heard(Activity first, Notifications notifications) {
        return new Activity() {
            @Override
            public void began(String host, String volume) {
                first.began(host, volume);
                notifications.began(host, volume);
            }

            @Override
            public void committed(SnapshotRecord record) {
                first.committed(record);
                notifications.wake();
            }

            @Override
            public void ended(String host, String volume) {
                first.ended(host, volume);
            }
        };
    }

    @Override
    public Sighting look(boolean thorough) {
        OptionalLong free = OptionalLong.empty();
        long stored = 0;
        List<Sighting.Backup> backups = new ArrayList<>();
        Optional<List<String>> damage = Optional.empty();
        try {
            free = OptionalLong.of(report.freeBytes());
            Map<String, Verdict> verdicts = new HashMap<>();
            fleet.verdicts()
                    .forEach(one -> verdicts.put(
                            one.status().host() + "/" + one.status().volume(), one));
            for (ServerStatus.VolumeState state : report.volumes()) {
                backups.add(backup(state, Optional.ofNullable(verdicts.get(state.host() + "/" + state.volume()))));
            }
            for (Realm realm : membership.now().realms()) {
                stored += repository.realm(realm.name()).stats().bytes();
            }
            damage = thorough ? Optional.of(report.findings()) : Optional.empty();
        } catch (IOException | HoldfastException e) {
            damage = Optional.of(List.of("the data folder cannot be read: " + e.getMessage()));
        }
        return new Sighting(backups, damage, free, stored);
    }

    private Sighting.Backup backup(ServerStatus.VolumeState state, Optional<Verdict> verdict) {
        Optional<Sighting.Snapshot> last = state.snapshot().isEmpty()
                ? Optional.empty()
                : Optional.of(new Sighting.Snapshot(
                        state.snapshot(),
                        Instant.ofEpochMilli(state.receivedMillis()),
                        state.partial(),
                        state.files(),
                        state.bytes()));
        boolean running = workload.running().stream()
                .anyMatch(run -> run.host().equals(state.host()) && run.volume().equals(state.volume()));
        return new Sighting.Backup(
                state.host(),
                state.volume(),
                last,
                running || verdict.flatMap(one -> one.status().running()).isPresent(),
                verdict.filter(one -> !one.status().schedule().isEmpty()).isPresent(),
                verdict.flatMap(Verdict::owedSince),
                verdict.map(one -> Sighting.Standing.of(one.status())).orElse(Sighting.Standing.WELL));
    }

    @Override
    public Map<String, Runs> runsSince(Instant from) {
        Map<String, Runs> runs = new HashMap<>();
        try {
            for (Realm realm : membership.now().realms()) {
                repository
                        .realm(realm.name())
                        .log()
                        .forEach(record -> record.received().isAfter(from), record -> count(record, runs));
            }
        } catch (IOException | HoldfastException e) {
            log.warn("the summary lacks runs, since the history cannot be read: {}", e.getMessage());
        }
        return runs;
    }

    private static void count(SnapshotRecord record, Map<String, Runs> runs) {
        boolean partial = record.summary().outcome() == SnapshotSummary.Outcome.PARTIAL;
        runs.merge(
                record.host() + "/" + record.volume(),
                Runs.NONE.and(partial, record.summary().addedBytes()),
                (before, more) -> before.and(partial, more.addedBytes()));
    }
}
