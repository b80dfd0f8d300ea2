package dev.holdfast.server.daemon;

import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.HostConfiguration;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.config.Setting;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.schedule.Cron;
import dev.holdfast.core.schedule.LocalZone;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.server.fleet.Expected;
import dev.holdfast.server.fleet.Roster;
import dev.holdfast.server.store.RealmStore;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to be backed up to this server, and what there is of it. A volume whose host has jobs for other servers only, and of which
 * there is nothing here, is none of them.
 */
final class Expectations implements Roster {
    private final ServerSetup setup;
    private final Repository repository;
    private final CurrentGrants membership;
    private final Workload workload;

    Expectations(ServerSetup setup, Repository repository, CurrentGrants membership, Workload workload) {
        this.setup = setup;
        this.repository = repository;
        this.membership = membership;
        this.workload = workload;
    }

    @Override
    public List<Expected> volumes() {
        Configuration configuration = membership.now().configuration();
        List<Workload.Running> running = workload.running();
        List<Expected> all = new ArrayList<>();
        for (Client client : configuration.clients()) {
            HostConfiguration host = configuration.forHost(client.name());
            for (String volume : client.backup()) {
                Expected one = new Expected(
                        client.name(),
                        volume,
                        schedules(host, volume, setup.name()),
                        timing(host),
                        last(configuration, client.name(), volume),
                        since(running, client.name(), volume));
                boolean elsewhere = host.jobs().stream()
                        .map(Setting::value)
                        .anyMatch(job -> job.volume().equals(volume));
                if (!one.schedules().isEmpty() || one.last().isPresent() || !elsewhere) {
                    all.add(one);
                }
            }
        }
        return all;
    }

    @Override
    public Set<String> hosts() {
        return membership.now().configuration().clients().stream()
                .map(Client::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Expected.Timing timing(HostConfiguration host) {
        return new Expected.Timing(
                host.timeZone().value().orElseGet(() -> LocalZone.of(setup.environment())),
                host.window().value(),
                host.splay().value());
    }

    private static List<Cron> schedules(HostConfiguration host, String volume, String server) {
        return host.jobs().stream()
                .map(Setting::value)
                .filter(job -> job.server().equals(server) && job.volume().equals(volume))
                .map(Job::schedule)
                .distinct()
                .toList();
    }

    private static Optional<Instant> since(List<Workload.Running> running, String host, String volume) {
        return running.stream()
                .filter(one -> one.host().equals(host) && one.volume().equals(volume))
                .map(Workload.Running::since)
                .findFirst();
    }

    /** What cannot be read counts as not there: whoever asks must not be told that all is well. */
    private Optional<VolumeStatus.Snapshot> last(Configuration configuration, String host, String volume) {
        try {
            RealmStore realm = repository.realm(configuration.realmOf(host).name());
            boolean damaged = realm.log().damage(host).isPresent();
            Optional<SnapshotRecord> last = damaged
                    ? realm.log().latestWhole(host, volume)
                    : realm.log().latest(host, volume);
            return last.map(record -> new VolumeStatus.Snapshot(
                    record.hash().brief(),
                    record.received(),
                    record.summary().outcome() == SnapshotSummary.Outcome.PARTIAL,
                    damaged,
                    record.summary().files(),
                    record.summary().totalBytes()));
        } catch (IOException | HoldfastException e) {
            return Optional.empty();
        }
    }
}
