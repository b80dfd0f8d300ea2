package dev.holdfast.core.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** As {@link Values}, for what only notifications need. */
final class NotifyValues {
    private static final Pattern ADDRESS =
            Pattern.compile("[^\\s@<>,;:\"()\\[\\]\\\\]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,250}");
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9_.*-]{1,100}");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final Pattern TIME = Pattern.compile("(?:[01]?[0-9]|2[0-3]):[0-5][0-9]");
    private static final int LONGEST_TEMPLATE = 16 << 10;
    /** These belong to the connection, and the client writes them itself. */
    private static final List<String> HEADERS_OF_THE_CLIENT =
            List.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade", "user-agent");

    private final Findings findings;
    private final Values values;
    private final Path folder;

    NotifyValues(Findings findings, Values values, Path folder) {
        this.findings = findings;
        this.values = values;
        this.folder = folder;
    }

    private static Optional<String> text(Node node) {
        return Block.scalar(node).filter(text -> node.getTag().equals(Tag.STR));
    }

    Optional<Secret> secret(Node node, String where) {
        return values.secret(node, where).map(written -> Secret.of(written, folder));
    }

    /** An address, which is never quoted back: what comes after the host is often a secret. */
    Optional<Secret> target(Node node, String where) {
        Optional<Secret> target = text(node)
                .filter(text -> text.length() <= 4096)
                .map(text -> Secret.of(text, folder))
                .filter(NotifyValues::isTarget);
        if (target.isEmpty()) {
            findings.add(
                    node,
                    where + " must be an http or https address without user or password, $NAME or file:PATH",
                    "for example https://hooks.example.org/backups");
        }
        return target;
    }

    private static boolean isTarget(Secret target) {
        if (!target.isWritten()) {
            return target.written().length() > Secret.FILE.length()
                    || !target.written().startsWith(Secret.FILE);
        }
        try {
            URI uri = new URI(Receiver.withoutPlaces(target.written()));
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            return web && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static <E extends Enum<E>> Optional<E> named(E[] all, Function<E, String> words, String word) {
        return Arrays.stream(all).filter(one -> words.apply(one).equals(word)).findFirst();
    }

    Optional<NotifyEvent> event(Node node, String where) {
        List<String> words = NotifyEvent.words();
        return values.word(node, where, "one of " + String.join(", ", words), words, NotifyEvent::parse);
    }

    Optional<Receiver.Priority> priority(Node node, String where) {
        return values.word(
                node,
                where,
                "min, low, default, high or max",
                List.of("min", "low", "default", "high", "max"),
                word -> named(Receiver.Priority.values(), Receiver.Priority::word, word));
    }

    Optional<Receiver.Tls> tls(Node node, String where) {
        return values.word(
                node,
                where,
                "none, starttls or tls",
                List.of("none", "starttls", "tls"),
                word -> named(Receiver.Tls.values(), Receiver.Tls::word, word));
    }

    Optional<String> method(Node node, String where) {
        List<String> words = List.of("POST", "PUT");
        return values.word(
                node, where, "POST or PUT", words, word -> Optional.of(word).filter(words::contains));
    }

    Optional<DayOfWeek> day(Node node, String where) {
        List<String> words =
                Arrays.stream(DayOfWeek.values()).map(NotifyValues::word).toList();
        return values.word(
                node,
                where,
                "a day of the week such as monday",
                words,
                word -> named(DayOfWeek.values(), NotifyValues::word, word));
    }

    private static String word(DayOfWeek day) {
        return day.name().toLowerCase(Locale.ROOT);
    }

    Optional<LocalTime> time(Node node, String where) {
        Optional<String> text = text(node).filter(t -> TIME.matcher(t).matches());
        return text.isPresent()
                ? text.map(t -> LocalTime.parse(t.length() == 4 ? "0" + t : t))
                : findings.reject(node, where, "a time such as '08:00'", "hours and minutes, in quotes");
    }

    Optional<String> address(Node node, String where) {
        Optional<String> text = text(node).filter(t -> ADDRESS.matcher(t).matches());
        return text.isPresent()
                ? text
                : findings.reject(node, where, "an e-mail address", "for example ops@example.org");
    }

    /** One, or a list of them. */
    Optional<List<String>> addresses(Node node, String where) {
        if (text(node).isPresent()) {
            return address(node, where).map(List::of);
        }
        if (node instanceof SequenceNode list && list.getValue().isEmpty()) {
            return findings.reject(node, where, "an e-mail address or several", "for example ops@example.org");
        }
        return values.list(node, where, this::address);
    }

    /** Patterns of names, in which {@code *} stands for any characters. */
    Optional<List<String>> namePatterns(Node node, String where) {
        return values.list(node, where, this::namePattern);
    }

    private Optional<String> namePattern(Node node, String where) {
        Optional<String> text = text(node).filter(t -> NAMES.matcher(t).matches());
        return text.isPresent()
                ? text
                : findings.reject(node, where, "a name, '*' standing for any characters", "for example 'prod*'");
    }

    Optional<Map<String, Secret>> headers(Node node, String where) {
        if (!(node instanceof MappingNode mapping)) {
            return findings.reject(
                    node, where, "a mapping of header names to values", "for example { Authorization: $HOOK_LOGIN }");
        }
        Map<String, Secret> headers = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String name = Block.scalar(tuple.getKeyNode()).orElse("");
            if (!HEADER.matcher(name).matches()) {
                findings.reject(
                        tuple.getKeyNode(), "a name in " + where, "the name of a header", "for example X-Token");
            } else if (HEADERS_OF_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                findings.add(
                        tuple.getKeyNode(), "header '" + name + "' in " + where + " is not to be set", "leave it out");
            } else {
                secret(tuple.getValueNode(), where + "." + name).ifPresent(value -> headers.put(name, value));
            }
        }
        return Optional.of(headers);
    }

    Optional<MessageTemplate> template(Node node, String where) {
        Optional<String> text = text(node).filter(t -> !t.isBlank() && t.length() <= LONGEST_TEMPLATE);
        if (text.isEmpty()) {
            return findings.reject(node, where, "JSON as text", "for example '{\"text\": \"{{title}}\"}'");
        }
        Optional<String> unknown = MessageTemplate.unknownField(text.get());
        if (unknown.isPresent()) {
            Optional<String> nearest = Names.nearest(unknown.get(), MessageTemplate.FIELDS);
            findings.add(
                    node,
                    "unknown field '{{" + Findings.brief(unknown.get()) + "}}' in " + where,
                    nearest.isPresent()
                            ? "did you mean '{{" + nearest.get() + "}}'?"
                            : "fields: " + String.join(", ", MessageTemplate.FIELDS));
            return Optional.empty();
        }
        if (!MessageTemplate.isJson(text.get())) {
            findings.add(
                    node,
                    where + " is not JSON, or has a field outside of quotes",
                    "for example '{\"text\": \"{{title}}\"}'");
            return Optional.empty();
        }
        return Optional.of(MessageTemplate.of(text.get()));
    }
}
