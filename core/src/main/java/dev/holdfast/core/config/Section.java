package dev.holdfast.core.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every key of the configuration file, section by section; {@code docs/holdfast.schema.json} and the guide are checked against it. */
enum Section {
    JOB(
            key("server", Shape.NAME).need(),
            key("volume", Shape.NAME).need(),
            key("schedule", Shape.CRON).need()),
    SCHEDULE(
            key("jobs", Shape.SECTIONS).need().of(JOB),
            key("time_zone", Shape.ZONE),
            key("catch_up", Shape.BOOLEAN),
            key("splay", Shape.DURATION),
            key("window", Shape.WINDOW),
            key("port", Shape.PORT).orNull(),
            key("listen", Shape.LISTEN),
            key("container", Shape.TEXT)),
    HOOKS(
            key("before", Shape.TEXT),
            key("after", Shape.TEXT),
            key("on_failure", Shape.TEXT),
            key("timeout", Shape.DURATION)),
    OVERRIDE(
            key("path", Shape.PATH),
            key("include", Shape.PATTERNS),
            key("exclude", Shape.PATTERNS),
            key("consistency", Shape.CONSISTENCY),
            key("hooks", Shape.SECTION).of(HOOKS)),
    LIMITS(key("bandwidth", Shape.RATE), key("threads", Shape.COUNT), key("memory", Shape.SIZE)),
    SERVER(
            key("name", Shape.NAME).need(),
            key("hostname", Shape.HOSTNAME).need(),
            key("port", Shape.PORT).need(),
            key("data", Shape.PATH),
            key("listen", Shape.LISTEN),
            key("quota", Shape.SIZE),
            key("key_volume", Shape.TEXT),
            key("data_volume", Shape.TEXT),
            key("container", Shape.TEXT)),
    CLIENT(
            key("name", Shape.NAME).need(),
            key("backup", Shape.NAMES),
            key("restore", Shape.GRANTS),
            key("volume_root", Shape.PATH),
            key("volumes", Shape.NAMED_SECTIONS).of(OVERRIDE),
            key("limits", Shape.SECTION).of(LIMITS),
            key("schedule", Shape.SECTION).orNull().of(SCHEDULE),
            key("remote", Shape.REMOTE),
            key("key_volume", Shape.TEXT),
            key("container", Shape.TEXT)),
    VOLUME(
            key("name", Shape.NAME).need(),
            key("local", Shape.BOOLEAN),
            key("path", Shape.PATH),
            key("include", Shape.PATTERNS),
            key("exclude", Shape.PATTERNS),
            key("consistency", Shape.CONSISTENCY),
            key("hooks", Shape.SECTION).of(HOOKS)),
    REALM(key("name", Shape.NAME).need(), key("server", Shape.ROLE), key("members", Shape.NAMES)),
    VAULT(
            key("url", Shape.URL).need(),
            key("prefix", Shape.TEXT).need(),
            key("token", Shape.SECRET).orNull(),
            key("role_id", Shape.SECRET),
            key("secret_id", Shape.SECRET),
            key("namespace", Shape.TEXT),
            key("ca", Shape.PATH)),
    WEBHOOK(
            key("url", Shape.TARGET).need(),
            key("method", Shape.METHOD),
            key("headers", Shape.HEADERS),
            key("template", Shape.TEMPLATE),
            key("ca", Shape.PATH)),
    NTFY(
            key("url", Shape.TARGET).need(),
            key("topic", Shape.NAME),
            key("token", Shape.SECRET),
            key("priority", Shape.PRIORITY),
            key("ca", Shape.PATH)),
    HEALTHCHECKS(key("url", Shape.TARGET).need(), key("start", Shape.BOOLEAN), key("ca", Shape.PATH)),
    EMAIL(
            key("to", Shape.ADDRESSES).need(),
            key("from", Shape.ADDRESS),
            key("host", Shape.HOSTNAME).need(),
            key("port", Shape.PORT),
            key("tls", Shape.TLS),
            key("user", Shape.TEXT),
            key("password", Shape.SECRET),
            key("password_file", Shape.PATH),
            key("ca", Shape.PATH)),
    NOTIFY(
            key("name", Shape.NAME),
            key("webhook", Shape.TARGET_OR_SECTION).of(WEBHOOK),
            key("ntfy", Shape.TARGET_OR_SECTION).of(NTFY),
            key("healthchecks", Shape.TARGET_OR_SECTION).of(HEALTHCHECKS),
            key("email", Shape.SECTION).of(EMAIL),
            key("on", Shape.EVENTS),
            key("servers", Shape.NAME_PATTERNS),
            key("hosts", Shape.NAME_PATTERNS),
            key("volumes", Shape.NAME_PATTERNS)),
    DIGEST(key("on", Shape.DAY), key("at", Shape.TIME)),
    WATCH(
            key("grace", Shape.DURATION),
            key("remind", Shape.DURATION),
            key("space", Shape.SIZE),
            key("digest", Shape.SECTION).of(DIGEST)),
    ROOT(
            key("servers", Shape.SECTIONS).need().of(SERVER),
            key("clients", Shape.SECTIONS).need().of(CLIENT),
            key("volumes", Shape.SECTIONS).need().of(VOLUME),
            key("realms", Shape.SECTIONS).of(REALM),
            key("operators", Shape.NAMES),
            key("readers", Shape.NAMES),
            key("limits", Shape.SECTION).of(LIMITS),
            key("time_zone", Shape.ZONE),
            key("keys", Shape.PATH),
            key("vault", Shape.SECTION).of(VAULT),
            key("notify", Shape.SECTIONS).of(NOTIFY),
            key("watch", Shape.SECTION).of(WATCH),
            key("tag", Shape.TEXT));

    /** What a value looks like. */
    enum Shape {
        NAME,
        NAMES,
        TEXT,
        SECRET,
        HOSTNAME,
        PORT,
        COUNT,
        BOOLEAN,
        PATH,
        SIZE,
        RATE,
        PATTERNS,
        GRANTS,
        LISTEN,
        URL,
        CRON,
        ZONE,
        DURATION,
        WINDOW,
        ROLE,
        CONSISTENCY,
        TARGET,
        TARGET_OR_SECTION,
        METHOD,
        HEADERS,
        TEMPLATE,
        PRIORITY,
        ADDRESS,
        ADDRESSES,
        TLS,
        EVENTS,
        NAME_PATTERNS,
        DAY,
        TIME,
        REMOTE,
        SECTION,
        SECTIONS,
        NAMED_SECTIONS
    }

    /** One key: {@code nullable} ones may be given as null, as privateer writes them, and count as left out. */
    record Key(String name, Shape shape, boolean required, boolean nullable, Optional<Section> section) {
        Key need() {
            return new Key(name, shape, true, nullable, section);
        }

        Key orNull() {
            return new Key(name, shape, required, true, section);
        }

        Key of(Section inner) {
            return new Key(name, shape, required, nullable, Optional.of(inner));
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // filled here, never changed
    private final Map<String, Key> keys = new LinkedHashMap<>();

    Section(Key... keys) {
        for (Key key : keys) {
            this.keys.put(key.name(), key);
        }
    }

    private static Key key(String name, Shape shape) {
        return new Key(name, shape, false, false, Optional.empty());
    }

    List<Key> keys() {
        return List.copyOf(keys.values());
    }

    Optional<Key> find(String name) {
        return Optional.ofNullable(keys.get(name));
    }
}
