package dev.holdfast.core.config;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/**
 * Blocks to records. What was reported is replaced by something harmless, so that reading goes on and finds the rest; a file with
 * problems never becomes a configuration.
 */
final class SectionReader {
    private static final String UNREADABLE = "unreadable";

    private final Findings findings;
    private final Values values;
    private final NotifyReader notices;

    SectionReader(Findings findings, Path folder) {
        this.findings = findings;
        this.values = new Values(findings, folder);
        this.notices = new NotifyReader(findings, values, folder);
    }

    /** The file as it stands: realms are what was written, not yet what that means. */
    record Draft(
            List<Server> servers,
            List<Client> clients,
            List<Volume> volumes,
            Optional<List<DraftRealm>> realms,
            List<String> operators,
            List<String> readers,
            Limits limits,
            Optional<ZoneId> timeZone,
            Optional<Path> keys,
            Optional<Vault> vault,
            List<Channel> channels,
            Watch watch,
            Optional<String> tag) {}

    record DraftRealm(String name, Realm.ServerRole server, Optional<List<String>> members) {}

    Optional<Draft> read(Node root) {
        return Block.open(root, Section.ROOT, "", findings)
                .map(block -> new Draft(
                        block.read("servers", (n, w) -> values.list(n, w, this::server))
                                .orElse(List.of()),
                        block.read("clients", (n, w) -> values.list(n, w, this::client))
                                .orElse(List.of()),
                        block.read("volumes", (n, w) -> values.list(n, w, this::volume))
                                .orElse(List.of()),
                        block.read("realms", (n, w) -> values.list(n, w, this::realm)),
                        block.read("operators", values::names).orElse(List.of()),
                        block.read("readers", values::names).orElse(List.of()),
                        block.read("limits", this::limits).orElse(Limits.NONE),
                        block.read("time_zone", values::zone),
                        block.read("keys", values::path),
                        block.read("vault", this::vault),
                        block.read("notify", notices::channels).orElse(List.of()),
                        block.read("watch", notices::watch).orElse(Watch.USUAL),
                        block.read("tag", values::text)));
    }

    private Optional<Server> server(Node node, String where) {
        return Block.open(node, Section.SERVER, where, findings).map(block -> {
            if (!block.has("data") && !block.has("data_volume")) {
                findings.add(node, "missing key 'data' in " + where, "add 'data:', the folder that holds the backups");
            }
            return new Server(
                    block.read("name", values::name).orElse(UNREADABLE),
                    block.read("hostname", values::hostname).orElse(UNREADABLE),
                    block.read("port", values::port).orElse(1),
                    block.read("data", values::path),
                    block.read("listen", values::listen),
                    optional(block.read("quota", values::size)),
                    block.read("key_volume", values::text),
                    block.read("data_volume", values::text),
                    block.read("container", values::text));
        });
    }

    private Optional<Client> client(Node node, String where) {
        return Block.open(node, Section.CLIENT, where, findings)
                .map(block -> new Client(
                        block.read("name", values::name).orElse(UNREADABLE),
                        block.read("backup", values::names).orElse(List.of()).stream()
                                .distinct()
                                .toList(),
                        block.read("restore", values::grants),
                        block.read("volume_root", values::path),
                        block.read("volumes", this::overrides).orElse(Map.of()),
                        block.read("limits", this::limits).orElse(Limits.NONE),
                        block.read("schedule", this::schedule),
                        block.read("remote", values::remote),
                        block.read("key_volume", values::text),
                        block.read("container", values::text)));
    }

    private Optional<Map<String, VolumeRules>> overrides(Node node, String where) {
        if (!(node instanceof MappingNode mapping)) {
            return findings.reject(node, where, "a mapping of volume names to what is different here", "");
        }
        Map<String, VolumeRules> overrides = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Optional<String> name = values.name(tuple.getKeyNode(), "a volume name in " + where);
            String inner = where + "." + name.orElse("?");
            VolumeRules rules = Block.open(tuple.getValueNode(), Section.OVERRIDE, inner, findings)
                    .map(this::rules)
                    .orElse(VolumeRules.NONE);
            if (name.isPresent() && overrides.put(name.get(), rules) != null) {
                findings.add(tuple.getKeyNode(), "duplicate key '" + name.get() + "' in " + where, "");
            }
        }
        return Optional.of(overrides);
    }

    private VolumeRules rules(Block block) {
        return new VolumeRules(
                block.read("path", values::path),
                block.read("include", values::patterns),
                block.read("exclude", values::patterns),
                block.read("consistency", values::consistency),
                block.read("hooks", this::hooks));
    }

    private Optional<Hooks> hooks(Node node, String where) {
        return Block.open(node, Section.HOOKS, where, findings)
                .map(block -> new Hooks(
                        block.read("before", values::text),
                        block.read("after", values::text),
                        block.read("on_failure", values::text),
                        block.read("timeout", values::duration).orElse(Hooks.TIMEOUT)));
    }

    private Optional<Schedule> schedule(Node node, String where) {
        return Block.open(node, Section.SCHEDULE, where, findings)
                .map(block -> new Schedule(
                        block.read("jobs", (n, w) -> values.list(n, w, this::job))
                                .orElse(List.of()),
                        block.read("time_zone", values::zone),
                        block.read("catch_up", values::flag),
                        block.read("splay", values::duration),
                        block.read("window", values::window),
                        block.read("port", values::port).map(OptionalInt::of).orElse(OptionalInt.empty()),
                        block.read("listen", values::listen),
                        block.read("container", values::text)));
    }

    private Optional<Job> job(Node node, String where) {
        return Block.open(node, Section.JOB, where, findings).flatMap(block -> {
            String server = block.read("server", values::name).orElse(UNREADABLE);
            String volume = block.read("volume", values::name).orElse(UNREADABLE);
            return block.read("schedule", values::cron).map(cron -> new Job(server, volume, cron));
        });
    }

    private Optional<Volume> volume(Node node, String where) {
        return Block.open(node, Section.VOLUME, where, findings)
                .map(block -> new Volume(
                        block.read("name", values::name).orElse(UNREADABLE),
                        block.read("local", values::flag).orElse(false),
                        rules(block)));
    }

    private Optional<DraftRealm> realm(Node node, String where) {
        return Block.open(node, Section.REALM, where, findings)
                .map(block -> new DraftRealm(
                        block.read("name", values::name).orElse(UNREADABLE),
                        block.read("server", values::role).orElse(Realm.ServerRole.SEALED),
                        block.read("members", values::names)));
    }

    private Optional<Limits> limits(Node node, String where) {
        return Block.open(node, Section.LIMITS, where, findings)
                .map(block -> new Limits(
                        block.read("bandwidth", new BandwidthReader(findings, values)::read),
                        block.read("threads", values::count)
                                .map(OptionalInt::of)
                                .orElse(OptionalInt.empty()),
                        optional(block.read("memory", values::memory))));
    }

    private Optional<Vault> vault(Node node, String where) {
        return Block.open(node, Section.VAULT, where, findings).flatMap(block -> {
            String prefix = block.read("prefix", values::text).orElse(UNREADABLE);
            Vault.Login login = new Vault.Login(
                    block.read("token", values::secret),
                    block.read("role_id", values::secret),
                    block.read("secret_id", values::secret));
            Optional<String> namespace = block.read("namespace", values::text);
            Optional<Path> ca = block.read("ca", values::path);
            return block.read("url", values::url).map(url -> new Vault(url, prefix, login, namespace, ca));
        });
    }

    private static OptionalLong optional(Optional<Long> value) {
        return value.map(OptionalLong::of).orElse(OptionalLong.empty());
    }
}
