package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** What one process said, and how it ended. */
record Said(String command, int exitCode, String out, String err) {
    /** Insists that it went well. */
    Said well() {
        return ending(0);
    }

    Said ending(int expected) {
        assertThat(exitCode).as(toString()).isEqualTo(expected);
        assertThat(err).as(command).doesNotContain("HF-BUG").doesNotContain("\tat ");
        return this;
    }

    /** The fields of the last line of a kind among those that {@code --json} prints. */
    Fields event(String kind) {
        Map<String, String> fields = new HashMap<>();
        out.lines()
                .filter(line -> line.startsWith("{") && line.contains("\"message_type\":\"" + kind + "\""))
                .forEach(line -> read(line, fields));
        assertThat(fields).as("'%s' in what %s", kind, this).isNotEmpty();
        return new Fields(fields);
    }

    Fields summary() {
        return event("summary");
    }

    /** Fields of a line of JSON by name; of fields in lists, the last. */
    record Fields(Map<String, String> values) {
        String text(String name) {
            assertThat(values).containsKey(name);
            return String.valueOf(values.get(name));
        }

        long number(String name) {
            return Long.parseLong(text(name));
        }
    }

    private static void read(String line, Map<String, String> fields) {
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            String name = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    name = parser.currentName();
                } else if (token.isScalarValue()) {
                    fields.put(name, parser.getText());
                }
            }
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    /** Both streams, for messages that may be on either. */
    String everything() {
        return out + err;
    }

    @Override
    public String toString() {
        return "`" + command + "` ended with " + exitCode + "\n" + out + err;
    }
}
