package dev.holdfast.system.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own that is soon full, and can be made larger. Needs root. */
final class SmallDisk implements AutoCloseable {
    private final Path place;

    private SmallDisk(Path place) {
        this.place = place;
    }

    /** Whether one can be made here; says loudly when not. */
    static boolean isPossible() throws Exception {
        Path trial = Files.createTempDirectory("holdfast-mount");
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", trial.toString()).start();
        boolean possible = mount.waitFor() == 0;
        if (possible) {
            new SmallDisk(trial).close();
        } else {
            System.err.println("NOT TESTED: full disks, because a tmpfs cannot be mounted here: that needs root");
        }
        Files.delete(trial);
        return possible;
    }

    static SmallDisk mount(Path place, int megabytes) throws Exception {
        Files.createDirectories(place);
        Trees.shell(place, "mount -t tmpfs -o size=" + megabytes + "m tmpfs '" + place + "'");
        return new SmallDisk(place);
    }

    /** Leaves no byte free, as somebody else's log would. */
    void fill() throws Exception {
        Trees.shell(place, "dd if=/dev/zero of=filler bs=64k status=none || true");
    }

    /** Takes away what {@link #fill} has put there. */
    void empty() throws Exception {
        Trees.shell(place, "rm filler");
    }

    void grow(int megabytes) throws Exception {
        Trees.shell(place, "mount -o remount,size=" + megabytes + "m '" + place + "'");
    }

    /** Lazily: a test that has failed may still have files open. */
    @Override
    public void close() throws IOException {
        try {
            Trees.shell(Path.of("/"), "umount -l '" + place + "'");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unmounting " + place, e);
        }
    }
}
