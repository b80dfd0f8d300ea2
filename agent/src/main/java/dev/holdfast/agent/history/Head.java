package dev.holdfast.agent.history;

import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** The last record that was seen of one volume of one host on one server. */
record Head(String server, String host, String volume, long sequence, RecordHash hash) {
    private static final int FIELDS = 5;

    static Head of(String server, SnapshotRecord record) {
        return new Head(server, record.host(), record.volume(), record.sequence(), record.hash());
    }

    boolean isOf(String aServer, SnapshotRecord record) {
        return server.equals(aServer) && host.equals(record.host()) && volume.equals(record.volume());
    }

    /** One line: names percent-encoded, so that no name can hold a space or an end of line. */
    String toLine() {
        return encode(server) + ' ' + encode(host) + ' ' + encode(volume) + ' ' + sequence + ' ' + hash.hex();
    }

    /** Empty for a line that is none of ours. */
    static Optional<Head> ofLine(String line) {
        String[] fields = line.split(" ", -1);
        if (fields.length != FIELDS) {
            return Optional.empty();
        }
        try {
            byte[] hash = HexFormat.of().parseHex(fields[4]);
            if (hash.length != RecordHash.BYTES) {
                return Optional.empty();
            }
            return Optional.of(new Head(
                    decode(fields[0]),
                    decode(fields[1]),
                    decode(fields[2]),
                    Long.parseLong(fields[3]),
                    RecordHash.copyOf(hash, 0)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static String decode(String field) {
        return URLDecoder.decode(field, StandardCharsets.UTF_8);
    }
}
