package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyName;
import java.util.LinkedHashSet;
import java.util.List;

/** Who shall be able to open a realm, as the configuration says: its hosts, and its servers where they are trusted with it. */
public record RealmMembers(String realm, List<String> hosts, List<String> trustedServers) {
    public RealmMembers {
        KeyName.require("realm", realm);
        hosts = List.copyOf(hosts);
        trustedServers = List.copyOf(trustedServers);
    }

    /** Everybody, once. */
    public List<String> machines() {
        LinkedHashSet<String> all = new LinkedHashSet<>(hosts);
        all.addAll(trustedServers);
        return List.copyOf(all);
    }
}
