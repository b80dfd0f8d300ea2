package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.DeviceNumber;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.Timestamp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipEncoding;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/** One header of 512 bytes to write, and what of its entry does not fit in. Names are Latin-1 to the library: byte by byte. */
final class TarHeader {
    static final int BLOCK = 512;
    static final ZipEncoding BYTES = ZipEncodingHelper.getZipEncoding(StandardCharsets.ISO_8859_1);

    private static final int NAME_BYTES = 100;
    private static final int OWNER_NAME_BYTES = 31;
    private static final long MOST_IN_OCTAL_7 = 07777777;
    private static final long MOST_IN_OCTAL_11 = 077777777777L;

    private final TarArchiveEntry header;
    private final byte[] name;
    private final byte[] linkTarget;
    private final Entry entry;
    private boolean nameIsElsewhere;

    TarHeader(byte[] name, char type, byte[] linkTarget, Entry entry) {
        this.name = name;
        this.linkTarget = linkTarget;
        this.entry = entry;
        this.header = new TarArchiveEntry(fitted(name), (byte) type, true);
        header.setMode(entry.mode());
        header.setUserId(uid());
        header.setGroupId(gid());
        header.setUserName(ownerName(entry.owner().user()));
        header.setGroupName(ownerName(entry.owner().group()));
        header.setModTime(FileTime.from(entry.modified().seconds(), TimeUnit.SECONDS));
        header.setLinkName(fitted(linkTarget));
        if (entry.type().isDevice()) {
            header.setDevMajor((int) DeviceNumber.major(entry.rdev()));
            header.setDevMinor((int) DeviceNumber.minor(entry.rdev()));
        }
    }

    /** The header before a block of records about {@code entry}. */
    static TarHeader ofRecords(byte[] name, int size, Entry entry) {
        TarHeader header = new TarHeader(join("./PaxHeaders/", name), 'x', new byte[0], entry);
        header.setSize(size);
        header.header.setMode(0644);
        return header;
    }

    private static byte[] join(String prefix, byte[] name) {
        byte[] start = prefix.getBytes(StandardCharsets.US_ASCII);
        byte[] joined = Arrays.copyOf(start, start.length + name.length);
        System.arraycopy(name, 0, joined, start.length, name.length);
        return joined;
    }

    static int padded(int bytes) {
        return (bytes + BLOCK - 1) / BLOCK * BLOCK;
    }

    void setSize(long size) {
        header.setSize(size);
    }

    /** Lets the name be one that is in nobody's way, for programs that do not know sparse files and would unpack something else. */
    void hideName() {
        header.setName(fitted(join("./GNUSparseFile.0/", name)));
        nameIsElsewhere = true;
    }

    /** Writes records for everything that the header itself does not tell. */
    void tellTheRest(ByteArrayOutputStream records) {
        if (!nameIsElsewhere && !fits(name)) {
            PaxRecords.write(records, "path", name);
        }
        if (!fits(linkTarget)) {
            PaxRecords.write(records, "linkpath", linkTarget);
        }
        if (header.getSize() > MOST_IN_OCTAL_11) {
            PaxRecords.write(records, "size", String.valueOf(header.getSize()));
        }
        if (uid() > MOST_IN_OCTAL_7) {
            PaxRecords.write(records, "uid", String.valueOf(uid()));
        }
        if (gid() > MOST_IN_OCTAL_7) {
            PaxRecords.write(records, "gid", String.valueOf(gid()));
        }
        tellOwner("uname", entry.owner().user(), records);
        tellOwner("gname", entry.owner().group(), records);
        Timestamp modified = entry.modified();
        if (modified.nanos() != 0 || modified.seconds() < 0 || modified.seconds() > MOST_IN_OCTAL_11) {
            PaxRecords.write(records, "mtime", PaxTime.text(modified));
        }
    }

    private static void tellOwner(String key, String owner, ByteArrayOutputStream records) {
        if (!ownerName(owner).equals(owner)) {
            PaxRecords.write(records, key, owner);
        }
    }

    private long uid() {
        return entry.owner().uid() & 0xffffffffL;
    }

    private long gid() {
        return entry.owner().gid() & 0xffffffffL;
    }

    /** Names that are not ASCII are told apart, so that nobody takes them for Latin-1. */
    private static String ownerName(String owner) {
        boolean plain = owner.length() <= OWNER_NAME_BYTES && owner.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        return plain ? owner : "";
    }

    private static boolean fits(byte[] name) {
        boolean ascii = true;
        for (byte b : name) {
            ascii &= b > 0;
        }
        return ascii && name.length <= NAME_BYTES;
    }

    private String fitted(byte[] whole) {
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        if (text.length() <= NAME_BYTES) {
            return text;
        }
        boolean folder = entry.type() == EntryType.DIRECTORY;
        return folder ? text.substring(0, NAME_BYTES - 1) + "/" : text.substring(0, NAME_BYTES);
    }

    byte[] toBytes() throws IOException {
        byte[] block = new byte[BLOCK];
        header.writeEntryHeader(block, BYTES, true);
        return block;
    }
}
