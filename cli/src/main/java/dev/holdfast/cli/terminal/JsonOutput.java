package dev.holdfast.cli.terminal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Results for programs: one JSON object per line, each with a {@code message_type}; names in snake_case, sizes in bytes, times
 * in ISO 8601 UTC, durations in seconds. Fields may be added, never renamed.
 */
public final class JsonOutput {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final PrintStream stream;

    public JsonOutput(PrintStream stream) {
        this.stream = stream;
    }

    /** Writes one line at once; lines of several threads do not mix. */
    public void line(String messageType, Consumer<Fields> body) {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(line)) {
            json.writeStartObject();
            Fields fields = new Fields(json);
            fields.text("message_type", messageType);
            body.accept(fields);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line.write('\n');
        synchronized (stream) {
            stream.writeBytes(line.toByteArray());
            stream.flush();
        }
    }

    /** The fields of one object, in the order written. */
    public static final class Fields {
        private final JsonGenerator json;

        private Fields(JsonGenerator json) {
            this.json = json;
        }

        public Fields text(String name, String value) {
            return write(name, () -> json.writeString(value));
        }

        public Fields number(String name, long value) {
            return write(name, () -> json.writeNumber(value));
        }

        /** A fraction, rounded to six places. */
        public Fields number(String name, double value) {
            return write(name, () -> json.writeNumber(Math.round(value * 1e6) / 1e6));
        }

        public Fields flag(String name, boolean value) {
            return write(name, () -> json.writeBoolean(value));
        }

        public Fields time(String name, Instant value) {
            return text(name, value.toString());
        }

        public Fields texts(String name, Iterable<String> values) {
            return write(name, () -> {
                json.writeStartArray();
                for (String value : values) {
                    json.writeString(value);
                }
                json.writeEndArray();
            });
        }

        public Fields object(String name, Consumer<Fields> body) {
            return write(name, () -> {
                json.writeStartObject();
                body.accept(this);
                json.writeEndObject();
            });
        }

        public <T> Fields objects(String name, Iterable<T> values, BiConsumer<Fields, T> body) {
            return write(name, () -> {
                json.writeStartArray();
                for (T value : values) {
                    json.writeStartObject();
                    body.accept(this, value);
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
        }

        private Fields write(String name, Step value) {
            requireSnakeCase(name);
            try {
                json.writeFieldName(name);
                value.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        private static void requireSnakeCase(String name) {
            for (int at = 0; at < name.length(); at++) {
                char c = name.charAt(at);
                if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') {
                    throw new IllegalArgumentException("not snake_case: " + name);
                }
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }
}
