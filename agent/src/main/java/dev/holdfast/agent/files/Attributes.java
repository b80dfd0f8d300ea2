package dev.holdfast.agent.files;

import java.util.List;

/** The settable side of one file, directory or link; never of what a link points to. */
public sealed interface Attributes permits NativeAttributes, PortableAttributes {

    void setOwner(long uid, long gid) throws FileAccessException;

    /** Permissions with setuid, setgid and sticky. Nothing happens to a link: Linux gives links no mode of their own. */
    void setMode(int mode) throws FileAccessException;

    /**
     * Makes this the whole set: writes what is missing or different, removes the rest. What the host gives by itself ({@code
     * security.selinux} and its kin) stays when it is not in the set. What cannot be removed keeps nothing else from being written.
     */
    void setXattrs(List<ExtendedAttribute> xattrs) throws FileAccessException;

    /** Sets the modification time; the access time stays. */
    void setModified(Timestamp modified) throws FileAccessException;

    /**
     * Everything, in the one order that works: changing the owner clears setuid and capabilities, changing the mode changes an
     * ACL, and all of it changes times. Content comes before, as writing clears setuid and capabilities as well.
     */
    default void apply(Metadata metadata) throws FileAccessException {
        setOwner(metadata.uid(), metadata.gid());
        setMode(metadata.mode());
        setXattrs(metadata.xattrs());
        setModified(metadata.modified());
    }
}
