package dev.holdfast.core.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel says of our locks: other processes go by that alone. */
final class LocksTest {
    private static final Path LOCKS = Path.of("/proc/locks");

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void requireKernelsList() {
        assumeThat(LOCKS).exists();
        file = folder.resolve("some.lock");
    }

    /** A line such as {@code 1: POSIX  ADVISORY  WRITE 4711 fe:00:1234 0 EOF}. */
    private boolean isLocked() throws IOException {
        Object inode = Files.getAttribute(file, "unix:ino");
        String own = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(LOCKS).stream()
                .anyMatch(line -> line.contains("POSIX") && line.contains(own) && line.contains(":" + inode + " "));
    }

    @Test
    void aLockStaysWhenThisProcessLooksForItAgain() throws IOException {
        ProcessLock held = ProcessLock.tryTake(file).orElseThrow();
        assertThat(isLocked()).isTrue();
        assertThat(ProcessLock.tryTake(folder.resolve("../" + folder.getFileName() + "/some.lock")))
                .isEmpty();
        assertThat(ProcessLock.isHeld(file)).isTrue();
        assertThat(isLocked()).isTrue();
        held.close();
        assertThat(isLocked()).isFalse();
        assertThat(ProcessLock.isHeld(file)).isFalse();
    }

    @Test
    void aLockedFileStaysLockedWhenThisProcessLooksForItAgain() throws IOException {
        LockedFile held = LockedFile.takeIfFree(file, "the file").orElseThrow();
        held.write("some");
        assertThat(LockedFile.takeIfFree(file, "the file")).isEmpty();
        assertThat(isLocked()).isTrue();
        held.close();

        Optional<LockedFile> next = LockedFile.takeIfFree(file, "the file");
        held.close();
        assertThat(LockedFile.takeIfFree(file, "the file"))
                .as("still the next one's")
                .isEmpty();
        next.orElseThrow().close();
        assertThat(isLocked()).isFalse();
    }
}
