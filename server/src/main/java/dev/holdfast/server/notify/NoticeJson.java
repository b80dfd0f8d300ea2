package dev.holdfast.server.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A notice as JSON: on disk, and as webhooks get it. Fields may be added, never renamed. */
final class NoticeJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private NoticeJson() {}

    /** What a webhook without a template of its own gets. */
    static byte[] body(Notice notice) {
        return bytes(fields(notice));
    }

    /** All of it. */
    static byte[] whole(Notice notice) {
        ObjectNode node = fields(notice);
        node.put("occasion", notice.occasion().name().toLowerCase(Locale.ROOT)).put("html", notice.html());
        return bytes(node);
    }

    private static ObjectNode fields(Notice notice) {
        ObjectNode node = JSON.createObjectNode();
        node.put("kind", notice.kind().word())
                .put("title", notice.title())
                .put("text", notice.text())
                .put("server", notice.server())
                .put("host", notice.host())
                .put("volume", notice.volume())
                .put("at", notice.at().toString())
                .put("reminder", notice.isReminder());
        notice.since().ifPresent(since -> node.put("since", since.toString()));
        notice.lastGood()
                .ifPresent(good -> node.putObject("last_good")
                        .put("snapshot_id", good.snapshot())
                        .put("at", good.at().toString()));
        notice.cause().ifPresent(cause -> node.put("problem", cause.code()).put("message", cause.message()));
        if (notice.cause().isPresent() || !notice.hint().isEmpty()) {
            node.put("hint", notice.hint());
        }
        if (!notice.over().isEmpty()) {
            ArrayNode over = node.putArray("over");
            EnumSet.copyOf(notice.over()).forEach(kind -> over.add(kind.word()));
        }
        return node;
    }

    private static byte[] bytes(ObjectNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts that are no JSON", e);
        }
    }

    /** Of what {@link #whole} made; an {@code IOException} when it is anything else. */
    static Notice read(byte[] json) throws IOException {
        try {
            JsonNode node = JSON.readTree(json);
            return new Notice(
                    kind(text(node, "kind")),
                    Notice.Occasion.valueOf(text(node, "occasion").toUpperCase(Locale.ROOT)),
                    text(node, "server"),
                    text(node, "host"),
                    text(node, "volume"),
                    Instant.parse(text(node, "at")),
                    node.has("since") ? Optional.of(Instant.parse(text(node, "since"))) : Optional.empty(),
                    lastGood(node.path("last_good")),
                    cause(node),
                    node.path("hint").asText(""),
                    over(node.path("over")),
                    text(node, "title"),
                    text(node, "text"),
                    text(node, "html"));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IOException("no notice: " + e.getMessage(), e);
        }
    }

    static Notice.Kind kind(String word) {
        return Notice.Kind.valueOf(word.toUpperCase(Locale.ROOT));
    }

    static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("no text '" + name + "'");
        }
        return value.asText();
    }

    static Optional<Notice.LastGood> lastGood(JsonNode node) {
        return node.isObject()
                ? Optional.of(new Notice.LastGood(text(node, "snapshot_id"), Instant.parse(text(node, "at"))))
                : Optional.empty();
    }

    static Optional<Cause> cause(JsonNode node) {
        return node.has("problem")
                ? Optional.of(new Cause(text(node, "problem"), text(node, "message"), text(node, "hint")))
                : Optional.empty();
    }

    static Set<Notice.Kind> over(JsonNode list) {
        Set<Notice.Kind> kinds = EnumSet.noneOf(Notice.Kind.class);
        list.forEach(word -> kinds.add(kind(word.asText())));
        return kinds;
    }

    /** What a template can have in it. */
    static Map<String, String> values(Notice notice) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("kind", notice.kind().word());
        values.put("title", notice.title());
        values.put("text", notice.text());
        values.put("host", notice.host());
        values.put("volume", notice.volume());
        values.put("server", notice.server());
        values.put("at", notice.at().toString());
        notice.since().ifPresent(since -> values.put("since", since.toString()));
        notice.lastGood().ifPresent(good -> values.put("last_good", good.at().toString()));
        notice.cause().ifPresent(cause -> values.put("problem", cause.code()));
        values.put("hint", notice.hint());
        return values;
    }
}
