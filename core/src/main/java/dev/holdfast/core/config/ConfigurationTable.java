package dev.holdfast.core.config;

import dev.holdfast.core.schedule.DailyWindow;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** The values in force, one a row, for {@code config show}. Secrets are not among them. */
public final class ConfigurationTable {
    private static final String UNLIMITED = "unlimited";
    private static final String NONE = "none";
    private static final String OR_ENGINE = ", or the container engine's volume while there is no such folder";

    private final Configuration configuration;
    private final List<Row> rows = new ArrayList<>();

    private ConfigurationTable(Configuration configuration) {
        this.configuration = configuration;
    }

    /** A name such as {@code clients.uat.backup}, the value as text, and {@code file:line} or {@code default}. */
    public record Row(String name, String value, String origin) {}

    static List<Row> of(Configuration configuration) {
        ConfigurationTable table = new ConfigurationTable(configuration);
        table.top();
        for (int i = 0; i < configuration.servers().size(); i++) {
            table.server(configuration.servers().get(i), "servers[" + i + "].");
        }
        for (Client client : configuration.clients()) {
            table.client(client);
        }
        for (int i = 0; i < configuration.volumes().size(); i++) {
            table.volume(configuration.volumes().get(i), "volumes[" + i + "].");
        }
        for (int i = 0; i < configuration.realms().size(); i++) {
            table.realm(configuration.realms().get(i), "realms[" + i + "]");
        }
        configuration.locals().realms().forEach(realm -> table.realm(realm, ""));
        for (int i = 0; i < configuration.channels().size(); i++) {
            new NotifyRows(configuration.origins(), table.rows::add)
                    .channel(configuration.channels().get(i), "notify[" + i + "]");
        }
        boolean watched = !configuration.origins().of("watch").isDefault();
        if (watched || !configuration.channels().isEmpty()) {
            new NotifyRows(configuration.origins(), table.rows::add).watch(configuration.watch());
        }
        return List.copyOf(table.rows);
    }

    /** Only what is said of one server or client. */
    static List<Row> of(Configuration configuration, String machine) {
        ConfigurationTable table = new ConfigurationTable(configuration);
        for (int i = 0; i < configuration.servers().size(); i++) {
            if (configuration.servers().get(i).name().equals(machine)) {
                table.server(configuration.servers().get(i), "servers[" + i + "].");
            }
        }
        configuration.findClient(machine).ifPresent(table::client);
        return List.copyOf(table.rows);
    }

    private void top() {
        add("keys", configuration.keys().toString(), "keys");
        Limits limits = configuration.limits();
        limits.bandwidth().ifPresent(rate -> add("limits.bandwidth", rate.toString(), "limits.bandwidth"));
        limits.threads().ifPresent(count -> add("limits.threads", String.valueOf(count), "limits.threads"));
        limits.memory().ifPresent(bytes -> add("limits.memory", Quantity.showSize(bytes), "limits.memory"));
        addNames("operators", configuration.operators());
        addNames("readers", configuration.readers());
        configuration.timeZone().ifPresent(zone -> add("time_zone", zone.getId(), "time_zone"));
        configuration.tag().ifPresent(tag -> add("tag", tag, "tag"));
        configuration.vault().ifPresent(vault -> {
            add("vault.url", vault.url().toString(), "vault.url");
            add("vault.prefix", vault.prefix(), "vault.prefix");
            add("vault.token", Vault.shown(vault.login().token()), "vault.token");
            vault.login().roleId().ifPresent(role -> add("vault.role_id", "(set)", "vault.role_id"));
            vault.login().secretId().ifPresent(secret -> add("vault.secret_id", "(set)", "vault.secret_id"));
            vault.namespace().ifPresent(namespace -> add("vault.namespace", namespace, "vault.namespace"));
            vault.ca().ifPresent(ca -> add("vault.ca", ca.toString(), "vault.ca"));
        });
    }

    private void addNames(String key, List<String> names) {
        if (!names.isEmpty()) {
            add(key, joined(names), key);
        }
    }

    private void server(Server server, String path) {
        String name = "servers." + server.name() + ".";
        add(name + "hostname", server.hostname(), path + "hostname");
        add(name + "port", String.valueOf(server.port()), path + "port");
        add(name + "listen", server.listening().toString(), path + "listen");
        add(name + "data", server.data().map(Path::toString).orElse("in the state directory"), path + "data");
        add(name + "quota", size(server.quota()), path + "quota");
        server.keyVolume().ifPresent(volume -> add(name + "key_volume", volume, path + "key_volume"));
        server.dataVolume().ifPresent(volume -> add(name + "data_volume", volume, path + "data_volume"));
        server.container().ifPresent(container -> add(name + "container", container, path + "container"));
    }

    private void client(Client client) {
        HostConfiguration host = configuration.forHost(client.name());
        String name = "clients." + client.name() + ".";
        String path = "clients[" + configuration.clients().indexOf(client) + "].";
        add(name + "realm", host.realm().value().name(), host.realm().origin());
        add(name + "backup", joined(client.backup()), path + "backup");
        add(name + "restore", restore(host), host.grants().origin());
        add(
                name + "limits.bandwidth",
                host.bandwidth().value().toString(),
                host.bandwidth().origin());
        OptionalInt threads = host.threads().value();
        add(
                name + "limits.threads",
                threads.isPresent() ? String.valueOf(threads.getAsInt()) : "automatic",
                host.threads().origin());
        OptionalLong memory = host.memory().value();
        add(
                name + "limits.memory",
                memory.isPresent() ? size(memory) : "automatic",
                host.memory().origin());
        client.volumeRoot().ifPresent(root -> add(name + "volume_root", root.toString(), path + "volume_root"));
        host.volumes().forEach(volume -> volume(volume, name + "volumes." + volume.name() + "."));
        for (Setting<Job> job : host.jobs()) {
            String value = job.value().volume() + " to " + job.value().server() + ", "
                    + job.value().schedule();
            add(name + "schedule", value, job.origin());
        }
        client.schedule().ifPresent(schedule -> {
            schedule(host, name + "schedule.");
            asWritten(schedule, name + "schedule.", path + "schedule.");
        });
        add(name + "remote", host.remote().value().word(), host.remote().origin());
        client.keyVolume().ifPresent(volume -> add(name + "key_volume", volume, path + "key_volume"));
        client.container().ifPresent(container -> add(name + "container", container, path + "container"));
    }

    private void schedule(HostConfiguration host, String name) {
        Optional<ZoneId> zone = host.timeZone().value();
        add(
                name + "time_zone",
                zone.map(ZoneId::getId).orElse("that of the system"),
                host.timeZone().origin());
        add(
                name + "catch_up",
                String.valueOf(host.catchUp().value()),
                host.catchUp().origin());
        add(name + "splay", host.splay().value().toSeconds() + "s", host.splay().origin());
        add(
                name + "window",
                host.window().value().map(DailyWindow::toString).orElse("all day"),
                host.window().origin());
        add(
                name + "status",
                host.statusPort().value().map(Listen::toString).orElse(NONE),
                host.statusPort().origin());
    }

    /** What {@code status} was made of, and what is only kept. */
    private void asWritten(Schedule schedule, String name, String path) {
        schedule.port().ifPresent(port -> add(name + "port", String.valueOf(port), path + "port"));
        schedule.listen().ifPresent(listen -> add(name + "listen", listen.toString(), path + "listen"));
        schedule.container().ifPresent(container -> add(name + "container", container, path + "container"));
    }

    private String restore(HostConfiguration host) {
        return configuration.restoreIsUnrestricted()
                ? "everything in its realm"
                : joined(host.grants().value().stream().map(Grant::toString).toList());
    }

    /** A volume for all hosts; what a host says of it stands with the host. */
    private void volume(Volume volume, String path) {
        String name = "volumes." + volume.name() + ".";
        VolumeRules rules = volume.rules();
        add(name + "local", String.valueOf(volume.local()), path + "local");
        rules.path().ifPresent(folder -> add(name + "path", folder.toString(), path + "path"));
        rules.include().ifPresent(patterns -> add(name + "include", joined(patterns), path + "include"));
        rules.exclude().ifPresent(patterns -> add(name + "exclude", joined(patterns), path + "exclude"));
        rules.consistency().ifPresent(means -> add(name + "consistency", means.word(), path + "consistency"));
        Origin hooks = configuration.origins().of(path + "hooks");
        rules.hooks().ifPresent(commands -> hooks(commands, name + "hooks.", hooks));
    }

    private void volume(HostVolume volume, String name) {
        Optional<Path> path = volume.path().value();
        add(
                name + "path",
                path.map(folder -> volume.inRoot() ? folder + OR_ENGINE : folder.toString())
                        .orElse("asked of the container engine"),
                volume.path().origin());
        add(name + "include", joined(volume.include().value()), volume.include().origin());
        add(name + "exclude", joined(volume.exclude().value()), volume.exclude().origin());
        add(
                name + "consistency",
                volume.consistency().value().word(),
                volume.consistency().origin());
        hooks(volume.hooks().value(), name + "hooks.", volume.hooks().origin());
    }

    private void hooks(Hooks hooks, String name, Origin origin) {
        hooks.before().ifPresent(command -> add(name + "before", command, origin));
        hooks.after().ifPresent(command -> add(name + "after", command, origin));
        hooks.onFailure().ifPresent(command -> add(name + "on_failure", command, origin));
        if (!origin.isDefault()) {
            add(name + "timeout", hooks.timeout().toSeconds() + "s", origin);
        }
    }

    private void realm(Realm realm, String path) {
        String name = "realms." + realm.name() + ".";
        add(name + "server", realm.serverTrusted() ? "trusted" : "sealed", path + ".server");
        add(name + "members", joined(realm.members()), path + ".members");
    }

    private void add(String name, String value, String path) {
        add(name, value, configuration.origins().of(path));
    }

    private void add(String name, String value, Origin origin) {
        rows.add(new Row(name, SourceText.plain(value), origin.toString()));
    }

    private static String size(OptionalLong bytes) {
        return bytes.isPresent() ? Quantity.showSize(bytes.getAsLong()) : UNLIMITED;
    }

    private static String joined(List<String> items) {
        return items.isEmpty() ? NONE : items.stream().collect(Collectors.joining(", "));
    }
}
