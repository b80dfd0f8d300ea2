package dev.holdfast.agent.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What killed exports have left goes with the next one; what is being written stays. */
final class PartialArchivesTest {
    private static final String FIRST = "alice-photos-20261120-120000.tar";
    private static final String SECOND = "alice-photos-20261121-120000.tar";

    @TempDir
    Path folder;

    private final FileSystemView files = FileSystemView.open();
    private final List<String> notices = new ArrayList<>();
    private Path source;
    private Path archives;

    @BeforeEach
    void folders() throws IOException {
        source = Files.createDirectory(folder.resolve("source"));
        Files.writeString(source.resolve("file"), "content");
        archives = Files.createDirectory(folder.resolve("archives"));
    }

    /** @param atItsEnd what happens while the archive is all written, under its temporary name */
    private void export(String name, Runnable atItsEnd) {
        Progress progress = new Progress() {
            @Override
            public void phase(String phase) {
                if (phase.equals("syncing")) {
                    atItsEnd.run();
                }
            }

            @Override
            public void notice(String message) {
                notices.add(message);
            }
        };
        ExportRun.Target target = new ExportRun.Target(archives, name, Compression.NONE, Optional.empty());
        assertThat(new ExportRun(files, target, () -> false, progress)
                        .folder(source)
                        .missing())
                .isEmpty();
    }

    private Path partial(String archive) {
        return archives.resolve("." + archive + ".partial");
    }

    @Test
    void whatAKilledExportLeftIsRemovedByTheNextAndNothingElseIs() throws IOException {
        Files.writeString(partial(FIRST), "12345");
        Files.writeString(partial(FIRST + ".zst"), "");
        Files.writeString(partial("film"), "somebody downloads this");
        Files.createDirectory(partial("alice-folder-20261120-120000.tar"));

        export(SECOND, () -> {});

        assertThat(partial(FIRST)).doesNotExist();
        assertThat(partial(FIRST + ".zst")).doesNotExist();
        assertThat(partial("film")).exists();
        assertThat(partial("alice-folder-20261120-120000.tar")).exists();
        assertThat(archives.resolve(SECOND)).exists();
        assertThat(notices)
                .contains("removed ." + FIRST
                        + ".partial (5 bytes), which an export that did not come to its end had left")
                .hasSize(3);
    }

    @Test
    void whatALivingExportWritesIsNotTouched() {
        export(FIRST, () -> {
            export(SECOND, () -> {});
            assertThat(partial(FIRST)).exists();
            assertThatThrownBy(() -> export(FIRST, () -> {}))
                    .isInstanceOf(HoldfastException.class)
                    .hasMessageContaining("another export is writing " + archives.resolve(FIRST));
            assertThat(partial(FIRST)).exists();
        });

        assertThat(archives).isDirectoryNotContaining("glob:**.partial");
        assertThat(archives.resolve(FIRST)).exists();
        assertThat(archives.resolve(SECOND)).exists();
        assertThat(notices).isEmpty();
    }
}
