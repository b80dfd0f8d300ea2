package dev.holdfast.core.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads whom a server tells, and of what: the sections {@code notify} and {@code watch}. */
final class NotifyReader {
    private static final List<String> KINDS = List.of("webhook", "ntfy", "healthchecks", "email");
    private static final Set<NotifyEvent> OF_A_BACKUP =
            EnumSet.of(NotifyEvent.FAILED, NotifyEvent.PARTIAL, NotifyEvent.MISSED, NotifyEvent.RECOVERED);

    private final Findings findings;
    private final Values values;
    private final NotifyValues notices;

    NotifyReader(Findings findings, Values values, Path folder) {
        this.findings = findings;
        this.values = values;
        this.notices = new NotifyValues(findings, values, folder);
    }

    Optional<List<Channel>> channels(Node node, String where) {
        List<Optional<Channel>> read = new ArrayList<>();
        Optional<List<Channel>> channels = values.list(node, where, (item, path) -> {
            Optional<Channel> channel = channel(item, path, read.size() + 1);
            read.add(channel);
            return channel;
        });
        if (node instanceof SequenceNode sequence) {
            refuseSameNames(sequence.getValue(), read);
        }
        return channels;
    }

    private void refuseSameNames(List<Node> items, List<Optional<Channel>> read) {
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) {
            String name = read.get(i).map(Channel::name).orElse("");
            if (seen.contains(name) && !name.isEmpty()) {
                findings.add(items.get(i), "two channels are called '" + name + "'", "give one of them another name");
            }
            seen.add(name);
        }
    }

    private Optional<Channel> channel(Node node, String where, int number) {
        return Block.open(node, Section.NOTIFY, where, findings).flatMap(block -> {
            List<String> given = KINDS.stream().filter(block::has).toList();
            if (given.isEmpty()) {
                findings.add(node, "missing key in " + where, "add 'webhook:', 'ntfy:', 'healthchecks:' or 'email:'");
            } else if (given.size() > 1) {
                findings.add(
                        node,
                        where + " must be one of " + String.join(" and ", given) + ", not several",
                        "make a list item of each");
            }
            Optional<Receiver> webhook =
                    block.read("webhook", (n, w) -> orUrl(n, w, Section.WEBHOOK, this::webhook, this::plainWebhook));
            Optional<Receiver> ntfy =
                    block.read("ntfy", (n, w) -> orUrl(n, w, Section.NTFY, this::ntfy, this::plainNtfy));
            Optional<Receiver> checks = block.read(
                    "healthchecks", (n, w) -> orUrl(n, w, Section.HEALTHCHECKS, this::healthchecks, this::plainChecks));
            Optional<Receiver> email = block.read("email", this::email);
            String name = block.read("name", values::name).orElse(given.isEmpty() ? "" : given.get(0) + "-" + number);
            boolean ofBackups = block.has("healthchecks");
            Set<NotifyEvent> on = block.read("on", (n, w) -> events(n, w, ofBackups))
                    .orElse(ofBackups ? OF_A_BACKUP : NotifyEvent.USUAL);
            Channel.Reach reach =
                    new Channel.Reach(patterns(block, "servers"), patterns(block, "hosts"), patterns(block, "volumes"));
            return webhook.or(() -> ntfy)
                    .or(() -> checks)
                    .or(() -> email)
                    .map(receiver -> new Channel(name, receiver, on, reach));
        });
    }

    private List<String> patterns(Block block, String key) {
        return block.read(key, notices::namePatterns).orElse(List.of());
    }

    private Optional<Set<NotifyEvent>> events(Node node, String where, boolean ofBackups) {
        return values.list(node, where, (item, path) -> event(item, path, ofBackups))
                .map(Set::copyOf);
    }

    private Optional<NotifyEvent> event(Node node, String where, boolean ofBackups) {
        Optional<NotifyEvent> event = notices.event(node, where);
        if (ofBackups && event.filter(one -> !OF_A_BACKUP.contains(one)).isPresent()) {
            findings.add(
                    node,
                    "healthchecks hears of backups, not of '" + event.get().word() + "'",
                    "use another kind of channel for that");
        }
        return event;
    }

    /** A section, or only its {@code url}. */
    private Optional<Receiver> orUrl(
            Node node,
            String where,
            Section section,
            Function<Block, Optional<Receiver>> whole,
            Function<Secret, Receiver> plain) {
        return node instanceof ScalarNode
                ? notices.target(node, where).map(plain)
                : Block.open(node, section, where, findings).flatMap(whole);
    }

    private Receiver plainWebhook(Secret url) {
        return new Receiver.Webhook(url, "POST", Map.of(), Optional.empty(), Optional.empty());
    }

    private Optional<Receiver> webhook(Block block) {
        String method = block.read("method", notices::method).orElse("POST");
        Map<String, Secret> headers = block.read("headers", notices::headers).orElse(Map.of());
        Optional<MessageTemplate> template = block.read("template", notices::template);
        Optional<Path> ca = block.read("ca", values::path);
        return block.read("url", notices::target).map(url -> new Receiver.Webhook(url, method, headers, template, ca));
    }

    private Receiver plainNtfy(Secret url) {
        return new Receiver.Ntfy(url, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private Optional<Receiver> ntfy(Block block) {
        Optional<String> topic = block.read("topic", values::name);
        Optional<Secret> token = block.read("token", notices::secret);
        Optional<Receiver.Priority> priority = block.read("priority", notices::priority);
        Optional<Path> ca = block.read("ca", values::path);
        return block.read("url", notices::target).map(url -> new Receiver.Ntfy(url, topic, token, priority, ca));
    }

    private Receiver plainChecks(Secret url) {
        return new Receiver.Healthchecks(url, false, Optional.empty());
    }

    private Optional<Receiver> healthchecks(Block block) {
        boolean start = block.read("start", values::flag).orElse(false);
        Optional<Path> ca = block.read("ca", values::path);
        return block.read("url", notices::target).map(url -> new Receiver.Healthchecks(url, start, ca));
    }

    private Optional<Receiver> email(Node node, String where) {
        return Block.open(node, Section.EMAIL, where, findings).flatMap(block -> {
            Receiver.Tls tls = block.read("tls", notices::tls).orElse(Receiver.Tls.STARTTLS);
            int port = block.read("port", values::port).orElse(tls.port());
            Optional<String> from = block.read("from", notices::address);
            Optional<String> user = block.read("user", values::text);
            Optional<Secret> password = password(block, node, where);
            if (block.has("user") != (block.has("password") || block.has("password_file"))) {
                findings.add(
                        node,
                        where + " has a " + (block.has("user") ? "user and no password" : "password and no user"),
                        "give both, or none for a server that asks for no login");
            }
            Optional<Path> ca = block.read("ca", values::path);
            Optional<List<String>> to = block.read("to", notices::addresses);
            return block.read("host", values::hostname)
                    .map(host -> new Receiver.Email(to.orElse(List.of()), from, host, port, tls, user, password, ca));
        });
    }

    private Optional<Secret> password(Block block, Node node, String where) {
        if (block.has("password") && block.has("password_file")) {
            findings.add(node, "both 'password' and 'password_file' in " + where, "remove one of them");
        }
        Optional<Secret> file = block.read("password_file", values::path).map(Secret::inFile);
        return block.read("password", notices::secret).or(() -> file);
    }

    Optional<Watch> watch(Node node, String where) {
        return Block.open(node, Section.WATCH, where, findings)
                .map(block -> new Watch(
                        block.read("grace", values::duration),
                        block.read("remind", values::duration),
                        block.read("space", values::size).map(OptionalLong::of).orElse(OptionalLong.empty()),
                        block.read("digest", this::digest)));
    }

    private Optional<Watch.Digest> digest(Node node, String where) {
        return Block.open(node, Section.DIGEST, where, findings)
                .map(block -> new Watch.Digest(
                        block.read("on", notices::day).orElse(Watch.Digest.USUAL.on()),
                        block.read("at", notices::time).orElse(Watch.Digest.USUAL.at())));
    }
}
