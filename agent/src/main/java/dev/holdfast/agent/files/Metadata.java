package dev.holdfast.agent.files;

import java.util.List;

/**
 * What a restored file gets beside its content. The modes of links are not settable and left alone.
 *
 * @param mode permissions with setuid, setgid and sticky: {@code 07777}
 * @param xattrs the whole set; others of the namespaces that a backup restores are removed
 */
public record Metadata(long uid, long gid, int mode, List<ExtendedAttribute> xattrs, Timestamp modified) {
    public Metadata {
        xattrs = List.copyOf(xattrs);
    }
}
