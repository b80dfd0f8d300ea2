package dev.holdfast.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.snapshot.SnapshotManifest;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.wire.Message;
import dev.holdfast.core.wire.MessageType;
import dev.holdfast.keys.invite.InvitationCode;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.server.index.RunFormat;
import dev.holdfast.server.join.Invitation;
import dev.holdfast.server.log.LogFormat;
import dev.holdfast.server.pack.PackFormat;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/format.md} and {@code docs/protocol.md} against the constants of the code. */
class FormatDocTest {
    private static final Path DOCS = Path.of("..", "docs");
    /** One class of each package that a document may name constants of. */
    private static final List<Class<?>> NEIGHBOURS = List.of(
            SealedObject.class,
            Content.class,
            SnapshotManifest.class,
            Message.class,
            RealmKey.class,
            InvitationCode.class,
            Invitation.class,
            PackFormat.class,
            RunFormat.class,
            LogFormat.class,
            Repository.class);

    /** A table with the heading above it. */
    private record Table(String heading, List<String> columns, List<List<String>> rows) {}

    private static List<Table> tables(String document) throws IOException {
        List<Table> tables = new ArrayList<>();
        String heading = "";
        Table open = null;
        for (String line : Files.readAllLines(DOCS.resolve(document))) {
            if (line.startsWith("#")) {
                heading = line.replaceFirst("^#+ ", "");
            }
            if (!line.startsWith("|")) {
                open = null;
            } else if (open == null) {
                open = new Table(heading, cells(line), new ArrayList<>());
                tables.add(open);
            } else if (!line.startsWith("|---")) {
                open.rows.add(cells(line));
            }
        }
        return tables;
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1, line.lastIndexOf('|')).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    private static Object constant(String name) throws ReflectiveOperationException {
        String[] parts = name.replace("`", "").split("\\.", -1);
        for (Class<?> neighbour : NEIGHBOURS) {
            try {
                Class<?> owner = Class.forName(neighbour.getPackageName() + "." + parts[0]);
                Field field = owner.getDeclaredField(parts[1]);
                field.setAccessible(true);
                return field.get(null);
            } catch (ClassNotFoundException e) {
                // the next package
            }
        }
        throw new AssertionError("no class " + parts[0]);
    }

    private static Object number(Object constant) {
        if (constant instanceof ObjectKind kind) {
            return (long) kind.number();
        }
        if (constant instanceof EntryType type) {
            return (long) type.number();
        }
        return constant instanceof Integer number ? (Object) number.longValue() : constant;
    }

    private static Object value(String cell, Object like) {
        if (!cell.startsWith("\"")) {
            return Long.parseLong(cell);
        }
        String text = cell.substring(1, cell.length() - 1).replace("\\n", "\n");
        if (like instanceof String) {
            return text;
        }
        long magic = 0;
        for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
            magic = magic << 8 | b;
        }
        return magic;
    }

    @Test
    void everyConstantOfTheFormatIsWhatTheCodeHas() throws Exception {
        int checked = 0;
        for (Table table : tables("format.md")) {
            if (table.columns.get(0).equals("Constant")) {
                for (List<String> row : table.rows) {
                    Object actual = number(constant(row.get(0)));
                    assertThat(actual).as(row.get(0)).isEqualTo(value(row.get(1), actual));
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(90);
    }

    @Test
    void everyKindAndTypeIsInTheFormat() throws IOException {
        String document = Files.readString(DOCS.resolve("format.md"));
        for (ObjectKind kind : ObjectKind.values()) {
            assertThat(document).contains("`ObjectKind." + kind + "` | " + kind.number() + " |");
        }
        for (EntryType type : EntryType.values()) {
            assertThat(document).contains("`EntryType." + type + "` | " + type.number() + " |");
        }
    }

    /** The fixed part of an offset or size: letters count as nothing. */
    private static int fixed(String sum) {
        int total = 0;
        for (String part : sum.split("\\+", -1)) {
            total += part.matches("[0-9]+") ? Integer.parseInt(part) : part.matches("u[0-9]+") ? bits(part) : 0;
        }
        return total;
    }

    private static int bits(String type) {
        return Integer.parseInt(type.substring(1)) / 8;
    }

    @Test
    void everyLayoutAddsUpToTheSizeThatTheCodeUses() throws Exception {
        Map<String, Integer> sizes = new TreeMap<>();
        for (Table table : tables("format.md")) {
            if (table.columns.get(0).equals("Offset")) {
                int at = 0;
                for (List<String> row : table.rows) {
                    assertThat(fixed(row.get(0)))
                            .as("%s: offset of '%s'", table.heading, row.get(2))
                            .isEqualTo(at);
                    at += fixed(row.get(1));
                }
                sizes.put(table.heading.replaceFirst("^[0-9.]+ ", "").replaceFirst(":.*", ""), at);
            }
        }
        assertThat(sizes)
                .containsEntry("Sealed object", SealedObject.HEADER_BYTES + SealedObject.CHECKSUM_BYTES)
                .containsEntry("Payload", 8)
                .containsEntry("The realm key", 6 + 16 + 32 + 2 + 32)
                .containsEntry("Pack header", PackFormat.HEADER_FIXED_BYTES)
                .containsEntry("Pack footer", PackFormat.FOOTER_FIXED_BYTES)
                .containsEntry("Entry of the object table", PackFormat.ENTRY_BYTES)
                .containsEntry("Pack trailer", PackFormat.TRAILER_BYTES)
                .containsEntry("Verified marks", 24)
                .containsEntry("Doubtful marks", 28)
                .containsEntry("Entry of a run", RunFormat.ENTRY_BYTES)
                .containsEntry("Pack of a run", RunFormat.PACK_FIXED_BYTES)
                .containsEntry("Run trailer", RunFormat.TRAILER_BYTES)
                .containsEntry("Log header", LogFormat.HEADER_BYTES)
                .containsEntry("Log frame", LogFormat.FRAME_BYTES)
                .containsEntry("Snapshot record", SnapshotRecord.FIXED_BYTES)
                .hasSize(15);
    }

    @Test
    void everyMessageIsInTheProtocolWithItsNumberSenderAndLimit() throws IOException {
        Table table = tables("protocol.md").stream()
                .filter(candidate -> candidate.columns.get(0).equals("Number"))
                .findFirst()
                .orElseThrow();
        List<String> documented = table.rows.stream()
                .map(row -> String.join(" ", row.subList(0, 4)))
                .toList();
        List<String> actual = Arrays.stream(MessageType.values())
                .map(type -> type.number() + " `" + type.name() + "` "
                        + type.sender().name().toLowerCase(Locale.ROOT) + " " + type.maxBodyBytes())
                .toList();
        assertThat(documented).isEqualTo(actual);
    }
}
