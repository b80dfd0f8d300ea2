package dev.holdfast.core.config;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Names against names: unique where they must be, known where they are used. Works on the nodes, so that it finds everything also in
 * a file whose values have problems of their own; what has not the expected shape was reported already and is passed over.
 */
final class CrossCheck {
    private final Findings findings;
    private final List<Node> clients;
    private final Map<String, Node> serverNames = new LinkedHashMap<>();
    private final Map<String, Node> clientNames = new LinkedHashMap<>();
    private final Map<String, Boolean> localVolumes = new LinkedHashMap<>();
    private final List<Node> realms;
    /** The lists that the file has, be they empty: a missing one was told, and names of it are not doubted. */
    private final Set<String> given = new HashSet<>();

    private final Map<String, String> realmOf;

    /** Whether a list may name a volume twice. */
    private final boolean repeats;

    private CrossCheck(Node root, Findings findings, boolean repeats) {
        this.findings = findings;
        this.repeats = repeats;
        this.clients = items(root, "clients");
        this.realms = items(root, "realms");
        for (String list : List.of("servers", "clients", "volumes", "realms")) {
            child(root, list).filter(SequenceNode.class::isInstance).ifPresent(present -> given.add(list));
        }
        unique(items(root, "servers"), "server", Map.of(), serverNames);
        unique(clients, "client", serverNames, clientNames);
        this.realmOf = realmsByMember(realms, clientNames.keySet());
        Map<String, Node> volumeNames = new LinkedHashMap<>();
        List<Node> volumes = items(root, "volumes");
        unique(volumes, "volume", Map.of(), volumeNames);
        for (Node volume : volumes) {
            boolean local = text(volume, "local").filter("true"::equals).isPresent();
            text(volume, "name").ifPresent(name -> localVolumes.putIfAbsent(name, local));
        }
    }

    /** {@code repeats} says that volumes may be named twice, as privateer takes them. */
    static void run(Node root, Findings findings, boolean repeats) {
        CrossCheck check = new CrossCheck(root, findings, repeats);
        check.clients.forEach(check::client);
        check.realms();
        check.people(root);
        check.namesOfServers();
        items(root, "notify").forEach(check::reach);
    }

    private void unique(List<Node> blocks, String kind, Map<String, Node> others, Map<String, Node> into) {
        for (Node block : blocks) {
            Optional<Node> name = child(block, "name");
            String text = name.flatMap(CrossCheck::text).orElse("");
            if (name.isEmpty() || text.isEmpty()) {
                continue;
            }
            if (others.containsKey(text)) {
                findings.add(
                        name.get(), "'" + text + "' is both a server and a client", "give one of them another name");
            } else if (into.putIfAbsent(text, name.get()) != null) {
                int first = into.get(text)
                        .getStartMark()
                        .map(mark -> mark.getLine() + 1)
                        .orElse(0);
                findings.add(name.get(), "duplicate " + kind + " name '" + text + "'", "already used on line " + first);
            }
        }
    }

    private void client(Node client) {
        String name = text(client, "name").orElse("?");
        Set<String> backedUp = new LinkedHashSet<>();
        for (Node volume : items(client, "backup")) {
            Optional<String> again = word(volume).filter(one -> !backedUp.add(one));
            if (again.isPresent() && !repeats) {
                findings.add(volume, "client '" + name + "' backs up volume '" + again.get() + "' twice", "remove one");
            } else {
                backup(volume, name);
            }
        }
        child(client, "schedule").ifPresent(s -> items(s, "jobs").forEach(job -> job(job, name, backedUp)));
        for (Node grant : items(client, "restore")) {
            word(grant).flatMap(Grant::parse).ifPresent(g -> grant(grant, g, name));
        }
        child(client, "volumes").ifPresent(this::overrides);
    }

    private void backup(Node volume, String client) {
        String name = word(volume).orElse("");
        if (!Names.isSafe(name)) {
            return;
        }
        if (!localVolumes.containsKey(name)) {
            dangling(
                    "volumes",
                    volume,
                    "client '" + client + "' backs up unknown volume '" + name + "'",
                    name,
                    localVolumes.keySet());
        } else if (localVolumes.getOrDefault(name, false)) {
            findings.add(
                    volume,
                    "client '" + client + "' backs up volume '" + name + "', which is local to the server",
                    "remove it here, or remove 'local' there");
        }
    }

    private void job(Node job, String client, Set<String> backedUp) {
        Optional<Node> server = child(job, "server");
        String serverName = server.flatMap(CrossCheck::word).orElse("");
        if (server.isPresent() && Names.isSafe(serverName) && !serverNames.containsKey(serverName)) {
            dangling(
                    "servers",
                    server.get(),
                    "client '" + client + "' has a job for unknown server '" + serverName + "'",
                    serverName,
                    serverNames.keySet());
        }
        Optional<Node> volume = child(job, "volume");
        String volumeName = volume.flatMap(CrossCheck::word).orElse("");
        if (volume.isPresent() && Names.isSafe(volumeName) && !backedUp.contains(volumeName)) {
            String message =
                    "client '" + client + "' has a job for volume '" + volumeName + "', which it does not back up";
            if (localVolumes.containsKey(volumeName)) {
                findings.add(volume.get(), message, "add it to its 'backup'");
            } else {
                dangling("volumes", volume.get(), message, volumeName, backedUp);
            }
        }
    }

    private void grant(Node node, Grant grant, String client) {
        Set<String> hosts = new LinkedHashSet<>(clientNames.keySet());
        hosts.addAll(serverNames.keySet());
        if (!Grant.isPattern(grant.source()) && !hosts.contains(grant.source()) && given.contains("servers")) {
            dangling(
                    "clients",
                    node,
                    "client '" + client + "' may restore from unknown host '" + grant.source() + "'",
                    grant.source(),
                    hosts);
        }
        if (!Grant.isPattern(grant.volume()) && !localVolumes.containsKey(grant.volume())) {
            dangling(
                    "volumes",
                    node,
                    "client '" + client + "' may restore unknown volume '" + grant.volume() + "'",
                    grant.volume(),
                    localVolumes.keySet());
        }
        String own = realmOf.getOrDefault(client, "");
        String other = realmOf.getOrDefault(grant.source(), own);
        if (!own.equals(other)) {
            findings.add(
                    node,
                    "client '" + client + "' of realm '" + own + "' cannot restore from '" + grant.source()
                            + "' of realm '" + other + "'",
                    "realms share nothing; put both hosts into one");
        }
    }

    private void overrides(Node volumes) {
        if (!(volumes instanceof MappingNode mapping)) {
            return;
        }
        for (NodeTuple tuple : mapping.getValue()) {
            String name = text(tuple.getKeyNode()).orElse("");
            if (Names.isSafe(name) && !localVolumes.containsKey(name)) {
                dangling("volumes", tuple.getKeyNode(), "unknown volume '" + name + "'", name, localVolumes.keySet());
            }
        }
    }

    /** Realm of every client that a realm names or, by leaving out members, takes in. */
    private static Map<String, String> realmsByMember(List<Node> realms, Set<String> clients) {
        Map<String, String> realmOf = new HashMap<>();
        Optional<String> rest = Optional.empty();
        for (Node realm : realms) {
            String name = text(realm, "name").orElse("?");
            items(realm, "members").forEach(member -> text(member).ifPresent(host -> realmOf.putIfAbsent(host, name)));
            rest = child(realm, "members").isPresent() ? rest : Optional.of(name);
        }
        rest.ifPresent(name -> clients.forEach(client -> realmOf.putIfAbsent(client, name)));
        return realmOf;
    }

    private void realms() {
        if (!given.contains("realms")) {
            return;
        }
        unique(realms, "realm", Map.of(), new LinkedHashMap<>());
        Set<String> members = new LinkedHashSet<>();
        boolean open = false;
        for (Node realm : realms) {
            items(realm, "members").forEach(member -> member(member, members));
            if (child(realm, "members").isEmpty()) {
                if (open) {
                    findings.add(
                            realm,
                            "a second realm without 'members'",
                            "only one can take all clients that no realm names");
                }
                open = true;
            }
        }
        if (open) {
            return;
        }
        for (Map.Entry<String, Node> client : clientNames.entrySet()) {
            if (Names.isSafe(client.getKey()) && !members.contains(client.getKey())) {
                findings.add(
                        client.getValue(),
                        "client '" + client.getKey() + "' is a member of no realm",
                        "add it to the members of one");
            }
        }
    }

    private void people(Node root) {
        Map<String, String> named = new HashMap<>();
        for (String list : List.of("operators", "readers")) {
            for (Node person : items(root, list)) {
                String name = word(person).orElse("");
                String before = named.putIfAbsent(name, list);
                if (serverNames.containsKey(name)) {
                    findings.add(
                            person,
                            "'" + name + "' is a server, and " + list + " are people or clients",
                            "give the person another name");
                } else if (before != null && Names.isSafe(name)) {
                    findings.add(
                            person,
                            "'" + name + "' is named "
                                    + (before.equals(list)
                                            ? "twice in '" + list + "'"
                                            : "in '" + list + "' and before in '" + before + "'"),
                            "once is enough: operators may do all that readers may");
                }
            }
        }
    }

    private void namesOfServers() {
        for (Node realm : realms) {
            Optional<Node> name = child(realm, "name");
            serverNames.keySet().stream()
                    .filter(server -> name.flatMap(CrossCheck::word)
                            .filter(LocalVolumes.realmName(server)::equals)
                            .isPresent())
                    .forEach(server -> findings.add(
                            name.orElse(realm),
                            "realm '" + LocalVolumes.realmName(server) + "' is that of the local volumes of server '"
                                    + server + "'",
                            "choose another name"));
        }
        if (localVolumes.containsValue(true)) {
            serverNames.forEach((server, node) -> {
                if (server.length() > LocalVolumes.LONGEST_SERVER && Names.isSafe(server)) {
                    findings.add(
                            node,
                            "the name of server '" + server + "' is too long for one with local volumes",
                            "at most " + LocalVolumes.LONGEST_SERVER + " characters");
                }
            });
        }
    }

    /** What a channel is about; patterns may match nothing yet. */
    private void reach(Node channel) {
        Set<String> hosts = new LinkedHashSet<>(clientNames.keySet());
        hosts.addAll(serverNames.keySet());
        known(items(channel, "servers"), "server", serverNames.keySet());
        known(items(channel, "hosts"), "host", hosts);
        known(items(channel, "volumes"), "volume", localVolumes.keySet());
    }

    private void known(List<Node> names, String kind, Collection<String> all) {
        for (Node node : names) {
            String name = word(node).orElse("");
            if (Names.isSafe(name) && !all.contains(name)) {
                dangling(
                        kind.equals("host") ? "clients" : kind + "s",
                        node,
                        "unknown " + kind + " '" + name + "'",
                        name,
                        all);
            }
        }
    }

    private void member(Node member, Set<String> members) {
        String name = word(member).orElse("");
        if (!Names.isSafe(name)) {
            return;
        }
        if (serverNames.containsKey(name)) {
            findings.add(
                    member,
                    "'" + name + "' is a server, and members are clients",
                    "write 'server: trusted' to let servers in");
        } else if (!clientNames.containsKey(name)) {
            dangling("clients", member, "unknown client '" + name + "'", name, clientNames.keySet());
        } else if (!members.add(name)) {
            findings.add(member, "client '" + name + "' is a member twice", "a client belongs to one realm");
        }
    }

    /** A name that the list of that kind does not have. */
    private void dangling(String list, Node node, String message, String name, Collection<String> known) {
        if (!given.contains(list)) {
            return;
        }
        Optional<String> nearest = Names.nearest(name, known);
        String all = known.isEmpty()
                ? "there are none"
                : "known: " + Findings.brief(known.stream().collect(Collectors.joining(", ")));
        findings.add(node, message, nearest.isPresent() ? Findings.didYouMean(nearest) : all);
    }

    private static Optional<Node> child(Node node, String key) {
        if (!(node instanceof MappingNode mapping)) {
            return Optional.empty();
        }
        return mapping.getValue().stream()
                .filter(tuple -> text(tuple.getKeyNode()).filter(key::equals).isPresent())
                .map(NodeTuple::getValueNode)
                .findFirst();
    }

    private static List<Node> items(Node node, String key) {
        return child(node, key)
                .map(value -> value instanceof SequenceNode s ? s.getValue() : List.<Node>of())
                .orElse(List.of());
    }

    /** What was meant as a name: a number or nothing in its place was reported already. */
    private static Optional<String> word(Node node) {
        return text(node).filter(text -> node.getTag().equals(Tag.STR));
    }

    private static Optional<String> text(Node node) {
        return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    private static Optional<String> text(Node node, String key) {
        return child(node, key).flatMap(CrossCheck::text);
    }
}
