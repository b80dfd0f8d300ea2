package dev.holdfast.core.config;

import dev.holdfast.core.schedule.Cron;
import dev.holdfast.core.schedule.DailyWindow;
import dev.holdfast.core.schedule.InvalidScheduleException;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Nodes to values: each method takes a node and its path in the file, and reports what it cannot accept. */
final class Values {
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,30})");
    private static final Pattern HOSTNAME =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,252}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,60}");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,5})([smh])");
    /** What stands in cron fields, and is no slip. */
    private static final Pattern CRON_NAME =
            Pattern.compile("mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec");

    private static final Pattern WORD = Pattern.compile("@?[a-z]{2,20}");
    private static final String A_LIST = "a list";
    private static final Map<String, Realm.ServerRole> ROLES =
            Map.of("trusted", Realm.ServerRole.TRUSTED, "sealed", Realm.ServerRole.SEALED);
    private static final long LEAST_MEMORY = 32L << 20;

    private final Findings findings;
    private final Path folder;

    /** Relative paths in the file start from {@code folder}. */
    Values(Findings findings, Path folder) {
        this.findings = findings;
        this.folder = folder;
    }

    private static boolean is(Node node, Tag tag) {
        return node instanceof ScalarNode && node.getTag().equals(tag);
    }

    private static String value(Node node) {
        return ((ScalarNode) node).getValue();
    }

    Optional<String> text(Node node, String where) {
        return text(node, where, "text", "write words on one line, in quotes if need be");
    }

    /** {@code advice} is given where nothing better can be said. */
    private Optional<String> text(Node node, String where, String wanted, String advice) {
        if (!is(node, Tag.STR)) {
            boolean quotable = is(node, Tag.INT) || is(node, Tag.FLOAT) || is(node, Tag.BOOL);
            return findings.reject(
                    node, where, wanted, quotable ? "put it in quotes: '" + Findings.brief(value(node)) + "'" : advice);
        }
        String text = value(node);
        if (text.isBlank() || text.length() > 4096 || text.chars().anyMatch(Character::isISOControl)) {
            return findings.reject(node, where, wanted + " on one line", advice);
        }
        return Optional.of(text);
    }

    /** Text that is never quoted back. */
    Optional<String> secret(Node node, String where) {
        boolean good = is(node, Tag.STR)
                && !value(node).isBlank()
                && value(node).chars().noneMatch(Character::isISOControl);
        if (!good) {
            findings.add(
                    node,
                    where + " must be text on one line",
                    "put it in quotes, or name an environment variable: $VAULT_TOKEN");
            return Optional.empty();
        }
        return Optional.of(value(node));
    }

    private <T> Optional<T> parsed(
            Node node, String where, String wanted, String advice, Function<String, Optional<T>> parser) {
        Optional<String> text = text(node, where, wanted, advice);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<T> result = parser.apply(text.get());
        return result.isPresent() ? result : findings.reject(node, where, wanted, advice);
    }

    Optional<String> name(Node node, String where) {
        return is(node, Tag.STR) && !Names.isSafe(value(node))
                ? findings.reject(node, where, "a name", Names.RULE)
                : text(node, where, "a name", "for example photos");
    }

    Optional<String> hostname(Node node, String where) {
        return parsed(
                node,
                where,
                "a host name or address",
                "for example backup.example.org or 10.0.0.1",
                t -> Optional.of(t).filter(x -> HOSTNAME.matcher(x).matches()));
    }

    Optional<Integer> port(Node node, String where) {
        return integer(node, where, 65535, 10022);
    }

    Optional<Integer> count(Node node, String where) {
        return integer(node, where, 1024, 4);
    }

    private Optional<Integer> integer(Node node, String where, int most, int example) {
        String wanted = "a whole number from 1 to " + most;
        boolean digits =
                node instanceof ScalarNode && INTEGER.matcher(value(node)).matches();
        if (!digits || !is(node, Tag.INT)) {
            return findings.reject(
                    node,
                    where,
                    wanted,
                    digits ? "write " + value(node) + " without quotes" : "for example " + example);
        }
        BigInteger number = new BigInteger(value(node));
        BigInteger nearest = number.max(BigInteger.ONE).min(BigInteger.valueOf(most));
        return number.equals(nearest)
                ? Optional.of(number.intValue())
                : findings.reject(node, where, wanted, nearest(nearest.toString()));
    }

    private static String nearest(String possible) {
        return "the nearest possible value is " + possible;
    }

    Optional<Boolean> flag(Node node, String where) {
        if (is(node, Tag.BOOL)) {
            return Optional.of(value(node).equals("true"));
        }
        String word = Block.scalar(node).orElse("").toLowerCase(Locale.ROOT);
        String meant = List.of("yes", "on", "true", "y").contains(word)
                ? "true"
                : List.of("no", "off", "false", "n").contains(word) ? "false" : "";
        return findings.reject(node, where, "true or false", meant.isEmpty() ? "" : "did you mean " + meant + "?");
    }

    Optional<Path> path(Node node, String where) {
        Optional<String> text = text(node, where, "a path", "for example /srv/holdfast");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(folder.resolve(text.get()).normalize());
        } catch (InvalidPathException e) {
            return findings.reject(node, where, "a path that this system can name", "");
        }
    }

    Optional<Long> size(Node node, String where) {
        return quantity(node, where, "a size such as 512MiB or 2TB", Quantity::parseSize);
    }

    Optional<Long> memory(Node node, String where) {
        Optional<Long> size = size(node, where);
        String least = Quantity.showSize(LEAST_MEMORY);
        return size.isPresent() && size.get() < LEAST_MEMORY
                ? findings.reject(node, where, "at least " + least, nearest(least))
                : size;
    }

    Optional<Long> rate(Node node, String where) {
        return quantity(node, where, "bytes per second such as 20MiB/s", Quantity::parseRate);
    }

    private Optional<Long> quantity(Node node, String where, String wanted, Function<String, OptionalLong> parser) {
        boolean scalar = is(node, Tag.STR) || is(node, Tag.INT);
        boolean tooSmall = scalar && value(node).startsWith("-");
        OptionalLong bytes = scalar ? parser.apply(value(node)) : OptionalLong.empty();
        if (bytes.isPresent() && bytes.getAsLong() > 0) {
            return Optional.of(bytes.getAsLong());
        }
        return findings.reject(
                node,
                where,
                wanted,
                bytes.isPresent() || tooSmall
                        ? "leave it out for no limit"
                        : "units: B, kB, MB, GB, TB, KiB, MiB, GiB, TiB");
    }

    Optional<Listen> listen(Node node, String where) {
        String written = is(node, Tag.STR) ? value(node) : "";
        String advice = Listen.parse("*:" + written).isPresent()
                ? "write '*:" + written + "', or an address before the colon"
                : Listen.parse(written + ":10022").isPresent()
                        ? "write '" + written + ":10022'"
                        : "for example '*:10022'";
        return parsed(
                node, where, "ADDRESS:PORT, such as 10.0.0.1:10022, [::1]:10022 or *:10022", advice, Listen::parse);
    }

    Optional<URI> url(Node node, String where) {
        String advice = "for example https://vault.example.org:8200";
        Optional<String> text = text(node, where, "an http or https URL", advice);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text.get());
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (uri.getRawUserInfo() != null) {
                findings.add(node, where + " must not contain a user or password", "use token");
                return Optional.empty();
            }
            return web && uri.getHost() != null
                    ? Optional.of(uri)
                    : findings.reject(node, where, "an http or https URL", advice);
        } catch (URISyntaxException e) {
            return findings.reject(node, where, "an http or https URL", advice);
        }
    }

    Optional<Cron> cron(Node node, String where) {
        Optional<String> text = text(node, where, "a schedule", "for example 'daily at 02:00' or '0 2 * * *'");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Cron.parse(text.get()));
        } catch (InvalidScheduleException e) {
            findings.add(
                    node,
                    where + ": bad schedule '" + Findings.brief(text.get()) + "'",
                    meantSchedule(text.get()).orElse(SourceText.plain(String.valueOf(e.getMessage()))));
            return Optional.empty();
        }
    }

    Optional<ZoneId> zone(Node node, String where) {
        Optional<String> text = text(node, where, "a time zone", "for example Europe/London");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ZoneId.of(text.get()));
        } catch (DateTimeException e) {
            Optional<String> nearest = Names.nearest(text.get(), ZoneId.getAvailableZoneIds());
            findings.add(
                    node,
                    where + ": unknown time zone '" + Findings.brief(text.get()) + "'",
                    nearest.isPresent() ? Findings.didYouMean(nearest) : "for example Europe/London or UTC");
            return Optional.empty();
        }
    }

    Optional<Duration> duration(Node node, String where) {
        return parsed(node, where, "a length of time such as 30s, 5m or 2h", "units: s, m, h", Values::parseDuration);
    }

    private static Optional<Duration> parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    default -> Duration.ofHours(count);
                });
    }

    Optional<DailyWindow> window(Node node, String where) {
        return parsed(
                node, where, "hours such as '22:00-06:00'", "from and to, with minutes, in quotes", DailyWindow::parse);
    }

    /** What to say when one word of it is surely a slip. */
    private static Optional<String> meantSchedule(String text) {
        return Arrays.stream(text.strip().toLowerCase(Locale.ROOT).split("\\s+", -1))
                .filter(word -> WORD.matcher(word).matches() && !Cron.words().contains(word))
                .filter(word -> !CRON_NAME.matcher(word).matches())
                .findFirst()
                .flatMap(word -> Names.nearest(word, Cron.words()))
                .map(Optional::of)
                .map(Findings::didYouMean);
    }

    /** One of some words; {@code parser} knows what each means. */
    <T> Optional<T> word(
            Node node, String where, String wanted, Collection<String> words, Function<String, Optional<T>> parser) {
        Optional<String> word = Block.scalar(node).filter(text -> is(node, Tag.STR));
        Optional<T> value = word.flatMap(parser);
        return value.isPresent()
                ? value
                : findings.reject(
                        node, where, wanted, Findings.didYouMean(word.flatMap(text -> Names.nearest(text, words))));
    }

    Optional<Realm.ServerRole> role(Node node, String where) {
        return word(node, where, "trusted or sealed", ROLES.keySet(), word -> Optional.ofNullable(ROLES.get(word)));
    }

    Optional<Consistency> consistency(Node node, String where) {
        List<String> words =
                Arrays.stream(Consistency.values()).map(Consistency::word).toList();
        return word(node, where, "live, pause or stop", words, Consistency::parse);
    }

    Optional<RemoteWork> remote(Node node, String where) {
        List<String> words =
                Arrays.stream(RemoteWork.values()).map(RemoteWork::word).toList();
        return word(node, where, "none, backup or restore", words, RemoteWork::parse);
    }

    Optional<Grant> grant(Node node, String where) {
        return parsed(
                node,
                where,
                "SOURCE/VOLUME or VOLUME, '*' standing for any characters",
                "for example production/photos or 'production/*'",
                Grant::parse);
    }

    Optional<String> pattern(Node node, String where) {
        Optional<String> text = text(node, where, "a pattern", "for example '*.tmp' or /cache/");
        Optional<String> fault = text.flatMap(PathFilter::fault);
        if (fault.isPresent()) {
            findings.add(node, where + ": bad pattern '" + Findings.brief(text.orElse("")) + "'", fault.get());
            return Optional.empty();
        }
        return text;
    }

    <T> Optional<List<T>> list(Node node, String where, BiFunction<Node, String, Optional<T>> reader) {
        if (!(node instanceof SequenceNode sequence) || !node.getTag().equals(Tag.SEQ)) {
            boolean single = is(node, Tag.STR);
            String advice = Block.isNull(node)
                    ? "write [] for none"
                    : single
                            ? "write [" + quoted(Findings.brief(value(node))) + "]"
                            : "begin each item with '- ', for example - name: photos";
            return findings.reject(node, where, A_LIST, advice);
        }
        List<T> items = new ArrayList<>();
        int index = 0;
        for (Node item : sequence.getValue()) {
            reader.apply(item, where + "[" + index++ + "]").ifPresent(items::add);
        }
        return Optional.of(items);
    }

    /** As it can stand in a list. */
    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "''") + "'";
    }

    Optional<List<String>> names(Node node, String where) {
        return list(node, where, this::name);
    }

    Optional<List<String>> patterns(Node node, String where) {
        return list(node, where, this::pattern);
    }

    Optional<List<Grant>> grants(Node node, String where) {
        return list(node, where, this::grant);
    }
}
