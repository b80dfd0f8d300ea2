package dev.holdfast.core.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Somebody who is told, and how. Addresses are secrets: whoever knows that of a chat's webhook may write there. */
public sealed interface Receiver {
    /** The key that it has in the configuration. */
    String kind();

    /** Where it is, without what must not be shown. */
    String place();

    /** The file with the certificate authorities that are trusted in place of the system's. */
    Optional<Path> ca();

    /** Whether what is sent can be read on its way by others. */
    boolean isOpenToAll();

    /** One that is told by an HTTP request. */
    sealed interface Web extends Receiver {
        Secret url();

        @Override
        default String place() {
            return url().isWritten()
                    ? origin(url()).getScheme() + "://" + origin(url()).getAuthority() + "/…"
                    : url().shown();
        }

        /** An address that is looked up elsewhere is not known before it is used. */
        @Override
        default boolean isOpenToAll() {
            return url().isWritten()
                    && "http".equalsIgnoreCase(origin(url()).getScheme())
                    && !isLoopback(origin(url()).getHost());
        }

        private static URI origin(Secret url) {
            return URI.create(withoutPlaces(url.written()));
        }
    }

    /**
     * An HTTP request with JSON.
     *
     * @param method {@code POST} or {@code PUT}
     * @param template the body; empty for ours
     */
    record Webhook(
            Secret url,
            String method,
            Map<String, Secret> headers,
            Optional<MessageTemplate> template,
            Optional<Path> ca)
            implements Web {
        public Webhook {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        }

        @Override
        public String kind() {
            return "webhook";
        }
    }

    /**
     * A topic of an ntfy server.
     *
     * @param topic where it is not the last part of the address
     */
    record Ntfy(
            Secret url, Optional<String> topic, Optional<Secret> token, Optional<Priority> priority, Optional<Path> ca)
            implements Web {
        @Override
        public String kind() {
            return "ntfy";
        }
    }

    /** How loud ntfy is; the numbers are its own. */
    enum Priority {
        MIN(1),
        LOW(2),
        DEFAULT(3),
        HIGH(4),
        MAX(5);

        private final int number;

        Priority(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A dead man's switch, such as healthchecks.io, which hears of every run and complains by itself.
     *
     * @param url may say {@code {host}} and {@code {volume}}
     * @param start whether it is told of beginnings too
     */
    record Healthchecks(Secret url, boolean start, Optional<Path> ca) implements Web {
        static final List<String> PLACES = List.of("{host}", "{volume}");

        @Override
        public String kind() {
            return "healthchecks";
        }
    }

    /**
     * E-mail by way of an SMTP server.
     *
     * @param from empty for {@code holdfast@} the name of the machine
     */
    record Email(
            List<String> to,
            Optional<String> from,
            String host,
            int port,
            Tls tls,
            Optional<String> user,
            Optional<Secret> password,
            Optional<Path> ca)
            implements Receiver {
        public Email {
            to = List.copyOf(to);
        }

        @Override
        public String kind() {
            return "email";
        }

        @Override
        public String place() {
            return String.join(", ", to) + " by " + host + ":" + port;
        }

        @Override
        public boolean isOpenToAll() {
            return tls == Tls.NONE && !isLoopback(host);
        }
    }

    /** How the connection to an SMTP server is protected. */
    enum Tls {
        NONE(25),
        STARTTLS(587),
        TLS(465);

        private final int port;

        Tls(int port) {
            this.port = port;
        }

        int port() {
            return port;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** With a letter in place of each of them, so that it is an address. */
    static String withoutPlaces(String url) {
        String plain = url;
        for (String place : Healthchecks.PLACES) {
            plain = plain.replace(place, "x");
        }
        return plain;
    }

    private static boolean isLoopback(String host) {
        return List.of("localhost", "127.0.0.1", "[::1]", "::1").contains(host.toLowerCase(Locale.ROOT));
    }
}
