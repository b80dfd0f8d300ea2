package dev.holdfast.core.tree;

import java.util.List;

/**
 * One thing in a volume with all its metadata.
 *
 * @param mode permission bits with setuid, setgid and sticky (07777)
 * @param changed the ctime on the source: never restored, but together with mtime, size and inode it tells that a file is unchanged
 * @param device number of the file system when it is not the root's, else 0
 * @param links hard links on the source; entries with more than one and the same device and inode are one file
 * @param rdev device number of a device file, else 0
 * @param size bytes of a file, else 0
 * @param fingerprint keyed hash of a small file's whole content (16 bytes), else empty
 * @param fuzzy changed while it was read, so the content may mix two states
 */
public record Entry(
        EntryPath path,
        EntryType type,
        int mode,
        Owner owner,
        Timestamp modified,
        Timestamp changed,
        long inode,
        long device,
        int links,
        long rdev,
        long size,
        byte[] linkTarget,
        List<ExtendedAttribute> attributes,
        Content content,
        byte[] fingerprint,
        boolean fuzzy) {

    public static final int FINGERPRINT_BYTES = 16;
    /** Names and values of all attributes of one entry together: what is over must be left out and reported. */
    public static final int MAX_ATTRIBUTES_BYTES = 4 << 20;

    public static final int MAX_ATTRIBUTES = 1 << 14;
    public static final int MAX_ATTRIBUTE_NAME_BYTES = 1024;
    public static final int MAX_ATTRIBUTE_VALUE_BYTES = 1 << 20;

    public Entry {
        attributes = List.copyOf(attributes);
        if (mode < 0 || mode > 07777) {
            throw new IllegalArgumentException("mode " + Integer.toOctalString(mode));
        }
        if (fingerprint.length != 0 && fingerprint.length != FINGERPRINT_BYTES) {
            throw new IllegalArgumentException("fingerprint of " + fingerprint.length + " bytes");
        }
        if (links < 0 || size < 0 || linkTarget.length > EntryPath.MAX_BYTES) {
            throw new IllegalArgumentException(
                    links + " links, " + size + " bytes, link target of " + linkTarget.length + " bytes");
        }
        if (type != EntryType.FILE && (fingerprint.length != 0 || !content.equals(Content.EMPTY))) {
            throw new IllegalArgumentException(type + " with content");
        }
        checkAttributes(attributes);
    }

    private static void checkAttributes(List<ExtendedAttribute> attributes) {
        long bytes = 0;
        for (ExtendedAttribute attribute : attributes) {
            int name = attribute.nameBytes();
            int value = attribute.valueBytes();
            if (name > MAX_ATTRIBUTE_NAME_BYTES || value > MAX_ATTRIBUTE_VALUE_BYTES) {
                throw new IllegalArgumentException("attribute of " + name + " and " + value + " bytes");
            }
            bytes += name + value;
        }
        if (attributes.size() > MAX_ATTRIBUTES || bytes > MAX_ATTRIBUTES_BYTES) {
            throw new IllegalArgumentException(attributes.size() + " attributes of " + bytes + " bytes");
        }
    }

    /** Whether the file may have other names in this volume. */
    public boolean hardLinked() {
        return type != EntryType.DIRECTORY && links > 1;
    }

    /**
     * Whether all that a restore brings back beside the content is the same. Of a folder the time is left out: it tells only that
     * something in it came or went.
     */
    public boolean sameMetadata(Entry other) {
        return mode == other.mode
                && owner.uid() == other.owner.uid()
                && owner.gid() == other.owner.gid()
                && attributes.equals(other.attributes)
                && (type == EntryType.DIRECTORY || modified.equals(other.modified));
    }

    /** The same with other content. */
    public Entry withContent(Content newContent, long newSize, byte[] newFingerprint, boolean nowFuzzy) {
        return new Entry(
                path,
                type,
                mode,
                owner,
                modified,
                changed,
                inode,
                device,
                links,
                rdev,
                newSize,
                linkTarget,
                attributes,
                newContent,
                newFingerprint,
                nowFuzzy);
    }
}
