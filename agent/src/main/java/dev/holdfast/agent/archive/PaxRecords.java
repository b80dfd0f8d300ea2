package dev.holdfast.agent.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The records of one extended header, {@code "LENGTH KEY=VALUE\n"} each (POSIX.1-2001, pax). Keys and values are bytes: POSIX says
 * UTF-8, but attributes and names are what they are. Order is kept and a key may come several times, as sparse files of GNU's format
 * 0.0 have it.
 */
final class PaxRecords {
    /** Before {@code =}; in Latin-1, that is, byte by byte. */
    record Pax(String key, byte[] value) {
        String text() {
            return new String(value, StandardCharsets.ISO_8859_1);
        }
    }

    private PaxRecords() {}

    static void write(ByteArrayOutputStream out, String key, byte[] value) {
        int rest = key.length() + value.length + 3;
        int length = rest + 1;
        while (length != rest + String.valueOf(length).length()) {
            length = rest + String.valueOf(length).length();
        }
        out.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(value);
        out.write('\n');
    }

    static void write(ByteArrayOutputStream out, String key, String value) {
        write(out, key, value.getBytes(StandardCharsets.UTF_8));
    }

    static List<Pax> read(byte[] body) throws IOException {
        List<Pax> records = new ArrayList<>();
        int at = 0;
        while (at < body.length && body[at] != 0) {
            int space = find(body, at, (byte) ' ');
            int end = at + length(body, at, space);
            if (end > body.length || end <= space + 1 || body[end - 1] != '\n') {
                throw new MalformedArchiveException("an extended header has a record of a wrong length");
            }
            int equals = find(body, space + 1, (byte) '=');
            if (equals >= end) {
                throw new MalformedArchiveException("an extended header has a record without '='");
            }
            String key = new String(body, space + 1, equals - space - 1, StandardCharsets.ISO_8859_1);
            records.add(new Pax(key, Arrays.copyOfRange(body, equals + 1, end - 1)));
            at = end;
        }
        return records;
    }

    private static int find(byte[] body, int from, byte wanted) throws MalformedArchiveException {
        for (int i = from; i < body.length; i++) {
            if (body[i] == wanted) {
                return i;
            }
        }
        throw new MalformedArchiveException("an extended header ends inside a record");
    }

    private static int length(byte[] body, int from, int to) throws MalformedArchiveException {
        int length = 0;
        for (int i = from; i < to; i++) {
            if (body[i] < '0' || body[i] > '9' || length > body.length) {
                throw new MalformedArchiveException("an extended header has a record of no length");
            }
            length = length * 10 + body[i] - '0';
        }
        return length;
    }
}
