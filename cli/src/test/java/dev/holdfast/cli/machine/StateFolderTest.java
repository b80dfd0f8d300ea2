package dev.holdfast.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFolderTest {
    private static final int PERMISSIONS = 07777;

    @TempDir
    Path directory;

    private Path fresh;

    @BeforeEach
    void mountedByKubernetes() throws IOException {
        fresh = Files.createDirectory(directory.resolve("fresh"));
        set(02777);
    }

    private void set(int mode) throws IOException {
        Files.setAttribute(fresh, "unix:mode", mode);
    }

    private int mode() throws IOException {
        return (Integer) Files.getAttribute(fresh, "unix:mode") & PERMISSIONS;
    }

    @Test
    void aFreshVolumeIsClosedToOthers() throws IOException {
        Files.createDirectory(fresh.resolve("lost+found"));

        new StateFolder(fresh, "alice").create();

        assertThat(mode()).isEqualTo(02755);
    }

    @Test
    void aSharedFolderSuchAsTmpStaysAsItIs() throws IOException {
        set(01777);

        new StateFolder(fresh, "alice").create();

        assertThat(mode()).isEqualTo(01777);
    }

    @Test
    void whereOthersMayHavePutSomethingNothingIsHidden() throws IOException {
        Files.createDirectory(fresh.resolve("bob"));

        new StateFolder(fresh, "alice").create();

        assertThat(mode()).isEqualTo(02777);
    }
}
