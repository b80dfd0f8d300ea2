package dev.holdfast.core.config;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.schedule.DailyWindow;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What the configuration means for one host: its own word first, then the volume's or the file's, then the default; each value with
 * the line that decided it.
 */
public final class HostConfiguration {
    private final Configuration configuration;
    private final Client client;
    private final String where;

    HostConfiguration(Configuration configuration, Client client) {
        this.configuration = configuration;
        this.client = client;
        this.where = "clients[" + names(configuration).indexOf(client.name()) + "]";
    }

    private static List<String> names(Configuration configuration) {
        return configuration.clients().stream().map(Client::name).toList();
    }

    public String name() {
        return client.name();
    }

    /** The volumes that this host backs up, in the order of the file. */
    public List<HostVolume> volumes() {
        return client.backup().stream().map(this::volume).toList();
    }

    /** One of the volumes that this host backs up; a problem that names the nearest, or says what to add, when it is none. */
    public HostVolume backedUp(String name) {
        if (!client.backup().contains(name)) {
            throw notBackedUp(name);
        }
        return volume(name);
    }

    private HoldfastException notBackedUp(String name) {
        if (configuration.locals().contains(name)) {
            return onServer(name);
        }
        Optional<String> nearest = Names.nearest(name, client.backup());
        boolean known = configuration.findVolume(name).isPresent();
        if (!known && nearest.isEmpty()) {
            configuration.volume(name); // says which there are
        }
        return Problem.of(
                        known ? ProblemCode.DENIED : ProblemCode.NOT_FOUND,
                        "client '" + client.name() + "' does not back up a volume '" + Findings.brief(name) + "'",
                        nearest.filter(one -> !known)
                                .map(one -> "Did you mean '" + one + "'?")
                                .orElse("Add it to the client's `backup` list in " + configuration.file() + "."))
                .asException();
    }

    private HoldfastException onServer(String name) {
        List<String> servers =
                configuration.servers().stream().map(Server::name).toList();
        return Problem.of(
                        ProblemCode.DENIED,
                        "client '" + client.name() + "' does not back up a volume '" + name
                                + "': it lies on the server (`local: true`), and no client backs it up",
                        "`holdfast restore " + name + " --server " + String.join("|", servers)
                                + "` takes from there what it holds at that moment.")
                .asException();
    }

    /**
     * Any volume on this host, also one that only a restore names: where it lies is decided by the override for this host, the
     * volume's own path, or the folder of that name in the volume root, in this order.
     */
    public HostVolume volume(String name) {
        return new VolumeSettings(configuration, where, client.volumes(), client.volumeRoot()).of(name);
    }

    public Setting<Bandwidth> bandwidth() {
        Setting<Optional<Bandwidth>> said = limit(
                "bandwidth", client.limits().bandwidth(), configuration.limits().bandwidth());
        return new Setting<>(said.value().orElse(Bandwidth.NO_LIMIT), said.origin());
    }

    public Setting<OptionalInt> threads() {
        return limit(
                "threads", client.limits().threads(), configuration.limits().threads());
    }

    public Setting<OptionalLong> memory() {
        return limit("memory", client.limits().memory(), configuration.limits().memory());
    }

    /** The three limits without their origins. */
    public Limits limits() {
        return new Limits(Optional.of(bandwidth().value()), threads().value(), memory().value());
    }

    /** The host's own limit where the file has one for it, else that for all; both are optional numbers of one kind. */
    private <T> Setting<T> limit(String key, T own, T common) {
        Origin here = configuration.origins().of(where + ".limits." + key);
        return here.isDefault()
                ? new Setting<>(common, configuration.origins().of("limits." + key))
                : new Setting<>(own, here);
    }

    /** What this host backs up by itself, in the order of the file. */
    public List<Setting<Job>> jobs() {
        List<Setting<Job>> jobs = new ArrayList<>();
        for (Job job : client.schedule().map(Schedule::jobs).orElse(List.of())) {
            jobs.add(new Setting<>(job, configuration.origins().of(where + ".schedule.jobs[" + jobs.size() + "]")));
        }
        return jobs;
    }

    /** The zone of its times; empty when the file names none. */
    public Setting<Optional<ZoneId>> timeZone() {
        Setting<Optional<ZoneId>> own = scheduled("time_zone", Schedule::timeZone);
        return own.value().isPresent()
                ? own
                : new Setting<>(
                        configuration.timeZone(), configuration.origins().of("time_zone"));
    }

    /** Whether a run that was missed is made up for. */
    public Setting<Boolean> catchUp() {
        Setting<Optional<Boolean>> said = scheduled("catch_up", Schedule::catchUp);
        return new Setting<>(said.value().orElse(true), said.origin());
    }

    /** How much later than due a run may start. */
    public Setting<Duration> splay() {
        Setting<Optional<Duration>> said = scheduled("splay", Schedule::splay);
        return new Setting<>(said.value().orElse(Duration.ZERO), said.origin());
    }

    /** The hours at which runs may start; empty for all. */
    public Setting<Optional<DailyWindow>> window() {
        return scheduled("window", Schedule::window);
    }

    private <T> Setting<Optional<T>> scheduled(String key, Function<Schedule, Optional<T>> value) {
        return new Setting<>(
                client.schedule().flatMap(value), configuration.origins().of(where + ".schedule." + key));
    }

    /** Where the status of the schedule is served; empty for nowhere. */
    public Setting<Optional<Listen>> statusPort() {
        Setting<Optional<Listen>> listen = scheduled("listen", Schedule::listen);
        return listen.value().isPresent() ? listen : scheduled("port", HostConfiguration::onLoopback);
    }

    private static Optional<Listen> onLoopback(Schedule schedule) {
        return schedule.port().isPresent()
                ? Optional.of(
                        new Listen(Optional.of("127.0.0.1"), schedule.port().getAsInt()))
                : Optional.empty();
    }

    /** What operators may start on this host through its server. */
    public Setting<RemoteWork> remote() {
        return new Setting<>(
                client.remote().orElse(RemoteWork.BACKUP),
                configuration.origins().of(where + ".remote"));
    }

    public Setting<Realm> realm() {
        Realm realm = configuration.realmOf(client.name());
        return new Setting<>(
                realm,
                configuration.origins().of("realms[" + configuration.realms().indexOf(realm) + "]"));
    }

    /** What this host was granted beside its own volumes; empty also when nothing is restricted. */
    public Setting<List<Grant>> grants() {
        return new Setting<>(
                client.restore().orElse(List.of()), configuration.origins().of(where + ".restore"));
    }
}
