package dev.holdfast.keys.vault;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One secret as it was read: every field, whoever wrote it, as the JSON text of its value, and the version by which a write can say
 * what it replaces. Values never become a String: they could not be wiped.
 */
final class KvSecret {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int LONGEST_UTF8 = 3;
    private static final int LONGEST_ESCAPE = 6;

    private final Map<String, byte[]> fields;
    private final long version;
    private final boolean deleted;

    private KvSecret(Map<String, byte[]> fields, long version, boolean deleted) {
        this.fields = fields;
        this.version = version;
        this.deleted = deleted;
    }

    static KvSecret none() {
        return new KvSecret(new LinkedHashMap<>(), 0, false);
    }

    /** Reads {@code {"data": FIELDS}}, or {@code {"data": {"data": FIELDS, "metadata": {"version": N}}}} of a versioned engine. */
    static KvSecret parse(byte[] body, boolean versioned) throws IOException {
        Reader reader = new Reader(body);
        try (JsonParser json = JSON.createParser(body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            reader.members(json, name -> {
                if (!name.equals("data") || json.currentToken() != JsonToken.START_OBJECT) {
                    json.skipChildren();
                } else if (versioned) {
                    reader.versioned(json);
                } else {
                    reader.fields(json);
                }
            });
        }
        return new KvSecret(reader.fields, reader.version, reader.deleted);
    }

    private interface Member {
        void read(String name) throws IOException;
    }

    private static final class Reader {
        private final byte[] body;
        private final Map<String, byte[]> fields = new LinkedHashMap<>();
        private long version;
        private boolean deleted;

        Reader(byte[] body) {
            this.body = body;
        }

        void members(JsonParser json, Member member) throws IOException {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                member.read(name);
            }
        }

        void versioned(JsonParser json) throws IOException {
            members(json, name -> {
                if (name.equals("data") && json.currentToken() == JsonToken.START_OBJECT) {
                    fields(json);
                } else if (name.equals("data")) {
                    deleted = true;
                } else if (name.equals("metadata") && json.currentToken() == JsonToken.START_OBJECT) {
                    members(json, key -> {
                        if (key.equals("version") && json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
                            version = json.getLongValue();
                        } else {
                            json.skipChildren();
                        }
                    });
                } else {
                    json.skipChildren();
                }
            });
        }

        void fields(JsonParser json) throws IOException {
            members(json, name -> {
                int start = Math.toIntExact(json.currentTokenLocation().getByteOffset());
                json.skipChildren();
                json.finishToken();
                int end = Math.toIntExact(json.currentLocation().getByteOffset());
                fields.put(name, Arrays.copyOfRange(body, start, end));
            });
        }
    }

    long version() {
        return version;
    }

    KvSecret atVersion(long written) {
        return new KvSecret(fields, written, false);
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    /** Whether there are versions, the last of which was deleted or destroyed. */
    boolean isDeleted() {
        return deleted;
    }

    /** The value of a field. Throws {@code IOException} when it is something else. */
    Optional<byte[]> find(SecretField field) throws IOException {
        byte[] raw = fields.get(field.name());
        if (raw == null) {
            return Optional.empty();
        }
        try (JsonParser json = JSON.createParser(raw)) {
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw new IOException("field '" + field.name() + "' is no text");
            }
            return Optional.of(field.text() ? text(json) : binary(json, field));
        }
    }

    private static byte[] binary(JsonParser json, SecretField field) throws IOException {
        try {
            return json.getBinaryValue();
        } catch (IOException e) {
            // Its message quotes what it could not read.
            throw new IOException("field '" + field.name() + "' is no base64", null);
        }
    }

    private static byte[] text(JsonParser json) throws IOException {
        char[] buffer = json.getTextCharacters();
        CharBuffer characters = CharBuffer.wrap(buffer, json.getTextOffset(), json.getTextLength());
        ByteBuffer encoded = ByteBuffer.allocate(characters.length() * LONGEST_UTF8);
        StandardCharsets.UTF_8.newEncoder().encode(characters, encoded, true);
        byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
        Arrays.fill(encoded.array(), (byte) 0);
        Arrays.fill(buffer, '\0');
        return bytes;
    }

    /** A copy with that field set, or without it. Shares the other values. */
    KvSecret with(SecretField field, Optional<byte[]> value) {
        Map<String, byte[]> changed = new LinkedHashMap<>(fields);
        changed.remove(field.name());
        value.ifPresent(content -> changed.put(field.name(), quoted(field, content)));
        return new KvSecret(changed, version, false);
    }

    private static byte[] quoted(SecretField field, byte[] content) {
        byte[] inside = field.text() ? escaped(content) : Base64.getEncoder().encode(content);
        byte[] raw = new byte[inside.length + 2];
        raw[0] = '"';
        System.arraycopy(inside, 0, raw, 1, inside.length);
        raw[raw.length - 1] = '"';
        Arrays.fill(inside, (byte) 0);
        return raw;
    }

    /** As the inside of a JSON text (RFC 8259, section 7), by bytes: a String could not be wiped. */
    private static byte[] escaped(byte[] utf8) {
        ByteBuffer out = ByteBuffer.allocate(utf8.length * LONGEST_ESCAPE);
        for (byte character : utf8) {
            if (character == '"' || character == '\\') {
                out.put((byte) '\\').put(character);
            } else if (character == '\n') {
                out.put((byte) '\\').put((byte) 'n');
            } else if (character >= 0 && character < ' ') {
                out.put(String.format(Locale.ROOT, "\\u%04x", character).getBytes(StandardCharsets.US_ASCII));
            } else {
                out.put(character);
            }
        }
        byte[] inside = Arrays.copyOf(out.array(), out.position());
        Arrays.fill(out.array(), (byte) 0);
        return inside;
    }

    boolean hasSameFields(KvSecret other) {
        return fields.keySet().equals(other.fields.keySet())
                && fields.entrySet().stream()
                        .allMatch(field -> Arrays.equals(field.getValue(), other.fields.get(field.getKey())));
    }

    /** The fields as one JSON object, in a body of {@code before} and {@code after}; the caller wipes it. */
    byte[] encode(String before, String after) {
        List<byte[]> parts = new ArrayList<>();
        parts.add((before + "{").getBytes(StandardCharsets.US_ASCII));
        String separator = "\"";
        for (Map.Entry<String, byte[]> field : fields.entrySet()) {
            parts.add(separator.getBytes(StandardCharsets.US_ASCII));
            parts.add(JsonStringEncoder.getInstance().quoteAsUTF8(field.getKey()));
            parts.add(new byte[] {'"', ':'});
            parts.add(field.getValue());
            separator = ",\"";
        }
        parts.add(("}" + after).getBytes(StandardCharsets.US_ASCII));
        // Of the right length at once: growing would leave copies behind.
        ByteBuffer body =
                ByteBuffer.allocate(parts.stream().mapToInt(part -> part.length).sum());
        parts.forEach(body::put);
        return body.array();
    }

    void wipe() {
        fields.values().forEach(value -> Arrays.fill(value, (byte) 0));
    }

    @Override
    public String toString() {
        return "KvSecret " + fields.keySet() + ", version " + version;
    }
}
