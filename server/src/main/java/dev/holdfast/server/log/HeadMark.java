package dev.holdfast.server.log;

import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.disk.FileNames;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/** How far a host's chain reaches that somebody was told about. As a line: CRC-32C of the rest, sequence, hash, host. */
record HeadMark(String host, long sequence, RecordHash hash) {
    private static final int CRC_DIGITS = 8;
    private static final int FIELDS = 3;

    /** Of a host that nothing is known of. */
    static HeadMark none(String host) {
        return new HeadMark(host, 0, RecordHash.NONE);
    }

    static HeadMark of(SnapshotRecord head) {
        return new HeadMark(head.host(), head.sequence(), head.hash());
    }

    /** Whether this record stands where the marked one should. */
    boolean contradicts(SnapshotRecord record) {
        return record.sequence() == sequence && !record.hash().equals(hash);
    }

    HeadMark further(HeadMark other) {
        return other.sequence > sequence ? other : this;
    }

    String line() {
        String rest = sequence + " " + hash.hex() + " " + host;
        return crc(rest) + " " + rest + "\n";
    }

    /** Reads a line without its end; empty when any character of it is wrong. */
    static Optional<HeadMark> ofLine(String line) {
        String rest = line.substring(Math.min(line.length(), CRC_DIGITS + 1));
        if (!line.equals(crc(rest) + " " + rest)) {
            return Optional.empty();
        }
        String[] fields = rest.split(" ", FIELDS);
        try {
            byte[] hash = HexFormat.of().parseHex(fields[1]);
            return fields.length == FIELDS && hash.length == RecordHash.BYTES
                    ? Optional.of(new HeadMark(
                            FileNames.check(fields[2]), Long.parseLong(fields[0]), RecordHash.copyOf(hash, 0)))
                    : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
