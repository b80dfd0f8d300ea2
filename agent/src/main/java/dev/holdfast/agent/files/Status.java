package dev.holdfast.agent.files;

/**
 * What the file system knows of one file, its name and content apart.
 *
 * @param mode permissions with setuid, setgid and sticky: {@code 07777}
 * @param blocks 512-byte blocks in use; fewer than the size needs means holes
 * @param mountPoint whether another file system is mounted here (native access only)
 * @param deviceNumber which device a {@link FileType#CHARACTER} or {@link FileType#BLOCK} is: see {@link DeviceNumber}
 */
public record Status(
        FileType type,
        int mode,
        long uid,
        long gid,
        long size,
        long blocks,
        Timestamp modified,
        Timestamp changed,
        long inode,
        long device,
        long links,
        long deviceNumber,
        boolean mountPoint) {

    public boolean isFile() {
        return type == FileType.FILE;
    }

    public boolean isDirectory() {
        return type == FileType.DIRECTORY;
    }

    /** The same inode: the same file under whatever name. */
    public boolean sameFile(Status other) {
        return inode == other.inode && device == other.device;
    }
}
