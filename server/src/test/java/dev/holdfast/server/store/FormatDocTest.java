package dev.holdfast.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.server.log.LogFormat;
import dev.holdfast.server.pack.PackFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The tables of the document against the constants of the code. */
class FormatDocTest {
    private static final Pattern ROW = Pattern.compile("\\| ([0-9][0-9a-z+]*) \\| ([0-9a-z]+) \\| (.*) \\|");

    private final List<List<Row>> tables = readTables();

    /** One row; the letters of variable lengths count as nothing. */
    private record Row(int offset, int size, String text) {}

    private static List<List<Row>> readTables() {
        List<List<Row>> tables = new ArrayList<>();
        for (String line : document().lines().toList()) {
            if (line.startsWith("|---")) {
                tables.add(new ArrayList<>());
            }
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                tables.get(tables.size() - 1).add(new Row(fixed(row.group(1)), fixed(row.group(2)), row.group(3)));
            }
        }
        return tables;
    }

    private static String document() {
        try {
            return Files.readString(Path.of("..", "docs", "format-store.md"));
        } catch (IOException e) {
            throw new IllegalStateException("docs/format-store.md must be readable from the module's folder", e);
        }
    }

    private static int fixed(String sum) {
        int total = 0;
        for (String part : Pattern.compile("\\+").splitAsStream(sum).toList()) {
            total += part.matches("[0-9]+") ? Integer.parseInt(part) : 0;
        }
        return total;
    }

    private List<Row> table(String firstRow) {
        return tables.stream()
                .filter(table -> table.get(0).text().equals(firstRow)
                        || firstRow.length() > 3 && table.get(0).text().contains(firstRow))
                .findFirst()
                .orElseThrow();
    }

    private int sizeOf(String firstRow) {
        List<Row> rows = table(firstRow);
        int at = 0;
        for (Row row : rows) {
            assertThat(row.offset()).as("offset of '%s'", row.text()).isEqualTo(at);
            at += row.size();
        }
        return at;
    }

    private static String text(long magic) {
        return new String(ByteBuffer.allocate(8).putLong(magic).array(), StandardCharsets.US_ASCII)
                .replace("\n", "\\n");
    }

    private static String text(int magic) {
        return new String(ByteBuffer.allocate(4).putInt(magic).array(), StandardCharsets.US_ASCII);
    }

    @Test
    void everyTableHasTheSizeThatTheCodeUses() {
        assertThat(sizeOf(text(SealedObject.MAGIC))).isEqualTo(SealedObject.HEADER_BYTES + SealedObject.CHECKSUM_BYTES);
        assertThat(sizeOf(text(PackFormat.MAGIC))).isEqualTo(PackFormat.HEADER_FIXED_BYTES);
        assertThat(sizeOf(text(PackFormat.FOOTER_MAGIC))).isEqualTo(PackFormat.FOOTER_FIXED_BYTES);
        assertThat(sizeOf("id")).isEqualTo(PackFormat.ENTRY_BYTES);
        assertThat(sizeOf("u64 offset of the footer")).isEqualTo(PackFormat.TRAILER_BYTES);
        assertThat(sizeOf("pack id")).isEqualTo(VerifiedMarks.MARK_BYTES);
        assertThat(sizeOf(text(LogFormat.MAGIC))).isEqualTo(LogFormat.HEADER_BYTES);
        assertThat(sizeOf("length of the record")).isEqualTo(LogFormat.FRAME_BYTES);
        assertThat(sizeOf(text(SnapshotRecord.MAGIC))).isEqualTo(SnapshotRecord.FIXED_BYTES);
        assertThat(tables).hasSize(9);
    }

    @Test
    void theDocumentNamesMagicsSuffixesAndTheRepositoryLine() {
        assertThat(document())
                .contains(text(PackFormat.END_MAGIC), Repository.FORMAT, Repository.FILE)
                .contains(
                        PackFormat.OPEN_SUFFIX,
                        PackFormat.CLOSED_SUFFIX,
                        PackFormat.DAMAGED_SUFFIX,
                        PackFormat.TAIL_SUFFIX);
    }
}
