package dev.holdfast.cli.command;

import dev.holdfast.agent.files.DeviceNumber;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;

/** One entry of a snapshot as {@code ls -l} shows it, or as restic's JSON does. */
final class EntryLine {
    private static final int SETUID = 04000;
    private static final int SETGID = 02000;
    private static final int STICKY = 01000;

    private final LocalTimes times;
    private final boolean numeric;

    EntryLine(LocalTimes times, boolean numeric) {
        this.times = times;
        this.numeric = numeric;
    }

    /** Mode, owner, size, time and {@code name}; columns line up for ordinary names without knowing the lines to come. */
    String show(Entry entry, String name) {
        String target = entry.type() == EntryType.SYMLINK ? " -> " + EntryPath.printable(entry.linkTarget()) : "";
        String fuzzy = entry.fuzzy() ? "  (changed while it was read)" : "";
        return String.format(
                Locale.ROOT,
                "%s  %-8s %-8s %10s  %s  %s%s%s",
                mode(entry),
                owner(entry.owner().user(), entry.owner().uid()),
                owner(entry.owner().group(), entry.owner().gid()),
                size(entry),
                time(entry.modified()),
                SafeText.of(name),
                SafeText.of(target),
                fuzzy);
    }

    private String owner(String name, int number) {
        return numeric || name.isEmpty() ? Integer.toUnsignedString(number) : SafeText.of(name);
    }

    private static String size(Entry entry) {
        if (entry.type().isDevice()) {
            return DeviceNumber.major(entry.rdev()) + ", " + DeviceNumber.minor(entry.rdev());
        }
        return entry.type() == EntryType.FILE ? Sizes.show(entry.size()) : "-";
    }

    private String time(Timestamp time) {
        try {
            return times.show(instant(time));
        } catch (DateTimeException e) {
            return String.format(Locale.ROOT, "%19d", time.seconds());
        }
    }

    static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.seconds(), time.nanos());
    }

    /** Ten characters, such as {@code drwxr-sr-x}. */
    static String mode(Entry entry) {
        int mode = entry.mode();
        char[] text = (letter(entry.type()) + "rwxrwxrwx").toCharArray();
        for (int bit = 0; bit < 9; bit++) {
            if ((mode & (0400 >> bit)) == 0) {
                text[bit + 1] = '-';
            }
        }
        special(text, 3, mode & SETUID, 's');
        special(text, 6, mode & SETGID, 's');
        special(text, 9, mode & STICKY, 't');
        return new String(text);
    }

    private static void special(char[] text, int at, int set, char letter) {
        if (set != 0) {
            text[at] = text[at] == 'x' ? letter : Character.toUpperCase(letter);
        }
    }

    private static char letter(EntryType type) {
        return switch (type) {
            case FILE -> '-';
            case DIRECTORY -> 'd';
            case SYMLINK -> 'l';
            case FIFO -> 'p';
            case SOCKET -> 's';
            case CHARACTER_DEVICE -> 'c';
            case BLOCK_DEVICE -> 'b';
        };
    }

    /** The type in restic's words. */
    static String word(EntryType type) {
        return switch (type) {
            case FILE -> "file";
            case DIRECTORY -> "dir";
            case SYMLINK -> "symlink";
            case FIFO -> "fifo";
            case SOCKET -> "socket";
            case CHARACTER_DEVICE -> "chardev";
            case BLOCK_DEVICE -> "dev";
        };
    }

    /** The fields of restic's {@code node}; the path begins with a slash. */
    static void fields(JsonOutput.Fields json, Entry entry) {
        json.text("name", EntryPath.printable(entry.path().name()))
                .text("type", word(entry.type()))
                .text("path", "/" + entry.path())
                .number("uid", Integer.toUnsignedLong(entry.owner().uid()))
                .number("gid", Integer.toUnsignedLong(entry.owner().gid()))
                .text("user", entry.owner().user())
                .text("group", entry.owner().group())
                .number("size", entry.size())
                .number("mode", entry.mode())
                .text("permissions", mode(entry));
        time(json, "mtime", entry.modified());
        time(json, "ctime", entry.changed());
        json.number("inode", entry.inode());
        if (entry.type() == EntryType.SYMLINK) {
            json.text("linktarget", EntryPath.printable(entry.linkTarget()));
        }
        if (entry.fuzzy()) {
            json.flag("fuzzy", true);
        }
    }

    private static void time(JsonOutput.Fields json, String name, Timestamp time) {
        try {
            json.time(name, instant(time));
        } catch (DateTimeException e) {
            // Beyond what ISO 8601 can say; a hostile or broken file system can hold such times.
            json.number(name + "_seconds", time.seconds());
        }
    }
}
