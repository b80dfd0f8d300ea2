package dev.holdfast.agent.files;

import java.nio.file.Path;
import java.util.List;

/** The way in to the file system: opens root directories, and knows what this machine cannot preserve. */
public sealed interface FileSystemView permits NativeFileSystem, PortableFileSystem {

    /** Native access where there is a Linux kernel and JNA, otherwise what the JDK can do; never fails. */
    static FileSystemView open() {
        try {
            return new NativeFileSystem(Kernel.load());
        } catch (KernelUnavailableException unavailable) {
            return new PortableFileSystem(unavailable.reason());
        }
    }

    /** Opens a root. Links in this one path are followed: it is the operator's own word. */
    Directory openRoot(Path path) throws FileAccessException;

    /**
     * Lets the calling thread stand back behind all others, for processor and disk, until it ends; where that is not possible
     * it stays as it is.
     */
    void standBack();

    /** What is not preserved here, one line each, for people; empty with native access. */
    List<String> losses();

    /** Names of users and groups. */
    OwnerNames owners();
}
