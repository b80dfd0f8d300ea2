package dev.holdfast.core.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * One way to tell people.
 *
 * @param name as it is written, else the kind and its place in the list
 * @param on what it tells
 */
public record Channel(String name, Receiver receiver, Set<NotifyEvent> on, Reach reach) {
    public Channel {
        on = Set.copyOf(on);
    }

    /** What it tells, in one order whatever the configuration has. */
    public String events() {
        return on.isEmpty() ? "nothing" : String.join(", ", words());
    }

    /** The words of what it tells, in the same order. */
    public List<String> words() {
        return on.stream().sorted().map(NotifyEvent::word).toList();
    }

    /** What stays the same when channels change their order or their names: it has their kind and a hash of where they lead to. */
    public String identity() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(target().getBytes(StandardCharsets.UTF_8));
            return receiver.kind() + "-" + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String target() {
        if (receiver instanceof Receiver.Webhook hook) {
            return hook.url().written();
        }
        if (receiver instanceof Receiver.Ntfy ntfy) {
            return ntfy.url().written() + " " + ntfy.topic().orElse("");
        }
        if (receiver instanceof Receiver.Healthchecks checks) {
            return checks.url().written();
        }
        return receiver.place();
    }

    /** Patterns of the names that it is about; an empty list is all. */
    public record Reach(List<String> servers, List<String> hosts, List<String> volumes) {
        static final Reach ALL = new Reach(List.of(), List.of(), List.of());

        public Reach {
            servers = List.copyOf(servers);
            hosts = List.copyOf(hosts);
            volumes = List.copyOf(volumes);
        }

        public boolean covers(String host, String volume) {
            return matches(hosts, host) && matches(volumes, volume);
        }

        /** Whether it is used by the server of that name. */
        public boolean isOf(String server) {
            return matches(servers, server);
        }

        /** Whether it is about hosts and volumes of every name, and so about the server itself. */
        public boolean isWhole() {
            return hosts.isEmpty() && volumes.isEmpty();
        }

        private static boolean matches(List<String> patterns, String name) {
            return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> Grant.matchesPart(pattern, name));
        }
    }
}
