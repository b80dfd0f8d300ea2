package dev.holdfast.server.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.daemon.PrivateFolder;
import dev.holdfast.keys.store.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server remembers of what it has told, one small JSON file, replaced as a whole: a server that is killed tells nothing twice
 * that it had written down, and forgets nothing that it has told. Losing the file costs that things are told once more.
 */
final class LookoutBook {
    private static final Logger log = LoggerFactory.getLogger(LookoutBook.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "book.json";

    private final Path folder;
    private final Path file;
    private final Map<String, BackupMemory> backups = new TreeMap<>();
    private final TreeSet<String> damageTold = new TreeSet<>();
    private Optional<Trouble> damage = Optional.empty();
    private Optional<Trouble> space = Optional.empty();
    private Optional<Instant> digest = Optional.empty();
    private byte[] written = {};

    private LookoutBook(Path folder) {
        this.folder = folder;
        this.file = folder.resolve(FILE);
    }

    /** A file that makes no sense is begun anew, since a server that tells things twice is better than one that tells nothing. */
    static LookoutBook in(Path folder) {
        LookoutBook book = new LookoutBook(folder);
        Path file = book.file;
        try {
            book.take(JSON.readTree(Files.readAllBytes(file)));
            return book;
        } catch (NoSuchFileException e) {
            return book;
        } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
            log.warn("{} makes no sense and is begun anew; what it had told may be told again", file);
        } catch (IOException e) {
            log.warn("{} cannot be read: {}; what it had told may be told again", file, e.getMessage());
        }
        return new LookoutBook(folder);
    }

    BackupMemory of(String host, String volume) {
        return backups.getOrDefault(key(host, volume), BackupMemory.NOTHING);
    }

    boolean knows(String host, String volume) {
        return backups.containsKey(key(host, volume));
    }

    void put(String host, String volume, BackupMemory memory) {
        backups.put(key(host, volume), memory);
    }

    /** Forgets what is no longer backed up; takes {@code HOST/VOLUME}. */
    void keepOnly(Predicate<String> wanted) {
        backups.keySet().removeIf(wanted.negate());
    }

    static String key(String host, String volume) {
        return host + "/" + volume;
    }

    Optional<Trouble> damage() {
        return damage;
    }

    /** Which damage was told, by what does not change while it lasts. */
    Set<String> damageTold() {
        return damageTold;
    }

    void damage(Optional<Trouble> trouble) {
        damage = trouble;
    }

    Optional<Trouble> space() {
        return space;
    }

    void space(Optional<Trouble> trouble) {
        space = trouble;
    }

    /** Up to when summaries were sent or let go. */
    Optional<Instant> digest() {
        return digest;
    }

    void digest(Instant moment) {
        digest = Optional.of(moment);
    }

    /** Makes what has changed durable. */
    void write() {
        try {
            byte[] now = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree());
            if (!Arrays.equals(now, written)) {
                PrivateFolder.create(folder);
                AtomicFile.write(file, now, "rw-------");
                written = now;
            }
        } catch (IOException e) {
            log.warn("{} cannot be written: {}; what was told may be told again", file, e.toString());
        }
    }

    private ObjectNode tree() {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode list = root.putArray("backups");
        backups.forEach((name, memory) -> write(memory, list.addObject().put("name", name)));
        damage.ifPresent(trouble -> write(trouble, root.putObject("damage")));
        ArrayNode told = root.putArray("damage_told");
        damageTold.forEach(told::add);
        space.ifPresent(trouble -> write(trouble, root.putObject("space")));
        digest.ifPresent(moment -> root.put("digest", moment.toString()));
        return root;
    }

    private static void write(BackupMemory memory, ObjectNode node) {
        memory.seen().ifPresent(seen -> node.put("seen", seen));
        memory.good()
                .ifPresent(good -> node.putObject("good")
                        .put("snapshot_id", good.snapshot())
                        .put("at", good.at().toString()));
        memory.trouble().ifPresent(trouble -> write(trouble, node.putObject("trouble")));
        ArrayNode failures = node.putArray("failures");
        memory.failures().forEach(failure -> failures.add(failure.toString()));
    }

    private static void write(Trouble trouble, ObjectNode node) {
        node.put("kind", trouble.kind().word())
                .put("since", trouble.since().toString())
                .put("told_at", trouble.toldAt().toString());
        ArrayNode told = node.putArray("told");
        new TreeSet<>(trouble.told()).forEach(kind -> told.add(kind.word()));
        trouble.cause()
                .ifPresent(cause -> node.put("problem", cause.code())
                        .put("message", cause.message())
                        .put("hint", cause.hint()));
    }

    private void take(JsonNode root) {
        for (JsonNode node : root.path("backups")) {
            backups.put(
                    NoticeJson.text(node, "name"),
                    new BackupMemory(
                            node.has("seen") ? Optional.of(NoticeJson.text(node, "seen")) : Optional.empty(),
                            NoticeJson.lastGood(node.path("good")),
                            trouble(node.path("trouble")),
                            instants(node.path("failures"))));
        }
        damage = trouble(root.path("damage"));
        root.path("damage_told").forEach(told -> damageTold.add(told.asText()));
        space = trouble(root.path("space"));
        digest = root.has("digest") ? Optional.of(Instant.parse(NoticeJson.text(root, "digest"))) : Optional.empty();
    }

    private static List<Instant> instants(JsonNode list) {
        List<Instant> instants = new ArrayList<>();
        list.forEach(one -> instants.add(Instant.parse(one.asText())));
        return instants;
    }

    private static Optional<Trouble> trouble(JsonNode node) {
        return node.isObject()
                ? Optional.of(new Trouble(
                        NoticeJson.kind(NoticeJson.text(node, "kind")),
                        Instant.parse(NoticeJson.text(node, "since")),
                        Instant.parse(NoticeJson.text(node, "told_at")),
                        NoticeJson.over(node.path("told")),
                        NoticeJson.cause(node)))
                : Optional.empty();
    }
}
