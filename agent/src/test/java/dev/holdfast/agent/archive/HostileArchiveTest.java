package dev.holdfast.agent.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that mean harm, or are harmed: nothing comes outside the target, and nothing stays of what failed. */
final class HostileArchiveTest {
    @TempDir
    Path folder;

    private Path outside;
    private Path target;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

    @BeforeEach
    void somethingToLose() throws IOException {
        outside = Files.createDirectories(folder.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "kept");
        target = folder.resolve("volumes/target");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    }

    private void add(char type, String name, String link, String content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type, true);
        entry.setLinkName(link);
        entry.setIds(0, 0);
        entry.setSize(content.length());
        tar.putArchiveEntry(entry);
        tar.write(content.getBytes(StandardCharsets.US_ASCII));
        tar.closeArchiveEntry();
    }

    private byte[] whole() throws IOException {
        tar.close();
        return bytes.toByteArray();
    }

    private ImportOutcome doImport(byte[] archive) throws IOException {
        return run(archive).carryOut();
    }

    private ImportRun run(byte[] archive) throws IOException {
        Path file = Files.write(folder.resolve("archive.tar"), archive);
        ImportRun.Request request = new ImportRun.Request(file, target, false);
        return new ImportRun(FileSystemView.open(), request, () -> false, Progress.NONE);
    }

    private void assertRefused(byte[] archive, String why) throws IOException {
        assertThatThrownBy(() -> doImport(archive))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining(why);
        assertNothingHappened();
    }

    private void assertNothingHappened() throws IOException {
        assertThat(target.getParent()).doesNotExist();
        assertThat(outside.resolve("precious")).hasContent("kept");
        try (Stream<Path> names = Files.list(outside)) {
            assertThat(names).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside/evil", "a/../../outside/evil", "..", "/../outside/evil", "a/.."})
    void aWayUpIsRefused(String name) throws IOException {
        add('0', "harmless", "", "x");
        add('0', name, "", "evil");

        assertRefused(whole(), "leads out of the archive");
    }

    @Test
    void aLeadingSlashIsTakenOff() throws IOException {
        add('0', outside + "/evil", "", "evil");

        doImport(whole());

        assertThat(outside.resolve("evil")).doesNotExist();
        assertThat(target.resolve(Path.of("/").relativize(outside)).resolve("evil"))
                .hasContent("evil");
    }

    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        add('2', "way", outside.toString(), "");
        add('0', "way/evil", "", "evil");

        assertRefused(whole(), "which is no folder");
    }

    @Test
    void aFolderOfTheSameNameAsALinkReplacesIt() throws IOException {
        add('2', "way", outside.toString(), "");
        add('5', "way/", "", "");
        add('0', "way/file", "", "x");

        doImport(whole());

        assertThat(target.resolve("way")).isDirectory().isDirectoryContaining("glob:**/file");
        assertThat(outside.resolve("file")).doesNotExist();
        assertThat(Files.isSymbolicLink(target.resolve("way"))).isFalse();
    }

    @Test
    void aFileOverALinkReplacesTheLinkAndNotWhatItPointsTo() throws IOException {
        add('2', "file", outside.resolve("precious").toString(), "");
        add('0', "file", "", "evil");

        doImport(whole());

        assertThat(outside.resolve("precious")).hasContent("kept");
        assertThat(target.resolve("file")).hasContent("evil");
    }

    @Test
    void aFurtherNameOfAFileOutsideIsRefused() throws IOException {
        add('1', "stolen", outside.resolve("precious").toString(), "");

        assertRefused(whole(), "which it does not have");
    }

    @Test
    void aFurtherNameOfAFileBehindALinkIsRefused() throws IOException {
        add('2', "way", outside.toString(), "");
        add('1', "stolen", "way/precious", "");

        assertRefused(whole(), "which it does not have");
    }

    @Test
    void aFurtherNameWithAWayUpIsRefused() throws IOException {
        add('1', "stolen", "../../outside/precious", "");

        assertRefused(whole(), "leads out of the archive");
    }

    @Test
    void whatGivesPowerIsLeftOutUnlessAskedFor() throws IOException {
        assumeTrue(Programs.isRoot(), "devices need root");
        TarArchiveEntry suid = new TarArchiveEntry("suid", (byte) '0', true);
        suid.setMode(04755);
        suid.setIds(0, 0);
        tar.putArchiveEntry(suid);
        tar.closeArchiveEntry();
        add('3', "device", "", "");
        add('1', "device again", "device", "");

        byte[] archive = whole();
        ImportOutcome foreseen = run(archive).examine();
        assertNothingHappened();
        ImportOutcome outcome = doImport(archive);

        assertThat(outcome.leftOut().stream().map(note -> note.path() + ": " + note.what()))
                .containsExactly("suid: setuid or setgid bit", "device: device", "device again: device");
        assertThat(foreseen).isEqualTo(outcome);
        assertThat(Files.getPosixFilePermissions(target.resolve("suid")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(Files.getAttribute(target.resolve("suid"), "unix:mode")).isEqualTo(0100755);
        assertThat(target.resolve("device")).doesNotExist();
    }

    @Test
    void anArchiveThatIsCutOffAnywhereLeavesNothing() throws IOException {
        add('5', "folder/", "", "");
        add('0', "folder/file", "", "x".repeat(700));
        add('0', "x".repeat(150), "", "long");
        byte[] archive = whole();
        int end = 512 * 9; // three headers, a long name with its own header, content, and the zeros that end it

        for (int length = 1; length < end; length += 101) {
            assertRefused(Arrays.copyOf(archive, length), "");
        }
        for (int length = 512; length < end; length += 512) {
            assertRefused(Arrays.copyOf(archive, length), "");
        }
    }

    @Test
    void noFlippedByteGetsAnythingOutOrLeavesHalfAVolume() throws IOException {
        add('2', "way", outside.toString(), "");
        add('5', "folder/", "", "");
        add('0', "folder/file", "", "x".repeat(700));
        add('1', "folder/again", "folder/file", "");
        byte[] archive = whole();

        for (int at = 0; at < 512 * 7; at += 3) {
            byte[] harmed = archive.clone();
            harmed[at] ^= 0x15;
            try {
                doImport(harmed);
                Programs.shell(folder, "rm -r volumes");
            } catch (HoldfastException e) {
                assertThat(e.problem().code()).isNotEqualTo(ProblemCode.BUG);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertNothingHappened();
        }
    }

    @Test
    void extendedHeadersThatLieAreRefused() throws IOException {
        List<String> lies = List.of(
                "999999999999999999999 path=x\n",
                "5 path=x\n",
                "0 \n",
                "11 path=abc",
                "12 size=-10\n",
                "28 size=9223372036854775807\n",
                "16 mtime=soon\n\n",
                "22 GNU.sparse.major=1\n26 GNU.sparse.realsize=10\n",
                "24 GNU.sparse.map=0,500\n22 GNU.sparse.size=10\n",
                "26 GNU.sparse.map=5,1,0,1\n22 GNU.sparse.size=10\n");
        for (String lie : lies) {
            bytes.reset();
            TarArchiveOutputStream one = new TarArchiveOutputStream(bytes);
            TarArchiveEntry header = new TarArchiveEntry("x", (byte) 'x', true);
            header.setSize(lie.length());
            one.putArchiveEntry(header);
            one.write(lie.getBytes(StandardCharsets.US_ASCII));
            one.closeArchiveEntry();
            TarArchiveEntry file = new TarArchiveEntry("file", (byte) '0', true);
            file.setIds(0, 0);
            file.setSize(10);
            one.putArchiveEntry(file);
            one.write("0123456789".getBytes(StandardCharsets.US_ASCII));
            one.closeArchiveEntry();
            one.close();

            assertRefused(bytes.toByteArray(), "");
        }
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        assertRefused(new byte[0], "it is no tar file");
        assertRefused("x".repeat(2000).getBytes(StandardCharsets.US_ASCII), "it is no tar file");
    }

    @Test
    void aVolumeThatHasSomethingIsNotTouched() throws IOException {
        add('0', "file", "", "new");
        byte[] archive = whole();
        Files.createDirectories(target);
        Files.writeString(target.resolve("mine"), "mine");

        assertThatThrownBy(() -> doImport(archive)).hasMessageContaining("is there already and not empty");
        assertThatThrownBy(() -> run(archive).examine()).hasMessageContaining("is there already and not empty");

        assertThat(target).isDirectoryContaining("glob:**/mine").isDirectoryNotContaining("glob:**/file");
    }

    @Test
    void anEmptyFolderIsFilledAndStaysWhenThatFails() throws IOException {
        Files.createDirectories(target);
        add('0', "file", "", "new");
        byte[] archive = whole();

        assertThatThrownBy(() -> doImport(Arrays.copyOf(archive, 600))).hasMessageContaining("cut off");
        assertThat(target).isEmptyDirectory();

        doImport(archive);
        assertThat(target.resolve("file")).hasContent("new");
    }

    @Test
    void aDryRunReadsEverythingAndChangesNothing() throws IOException {
        add('0', "file", "", "new");
        byte[] archive = whole();

        assertThat(run(archive).examine().files()).isEqualTo(1);
        assertThatThrownBy(() -> run(Arrays.copyOf(archive, 514)).examine())
                .hasMessageContaining("it is cut off: it ends at byte 514, in the middle of 'file'");
        assertThatThrownBy(() -> run(Arrays.copyOf(archive, 1100)).examine())
                .hasMessageContaining("it is cut off: it ends at byte 1100, behind 'file'");

        assertNothingHappened();
    }

    @Test
    void anEndThatComesTooEarlyForTheCompressionIsCalledSo() throws IOException {
        add('0', "file", "", "x".repeat(20_000));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = Compression.GZ.to(packed)) {
            out.write(whole());
        }

        assertRefused(Arrays.copyOf(packed.toByteArray(), packed.size() - 20), "it is cut off: its compressed content");
    }

    @Test
    void aFolderIsNoArchiveAndIsCalledAFolder() {
        ImportRun run = new ImportRun(
                FileSystemView.open(), new ImportRun.Request(outside, target, false), () -> false, Progress.NONE);

        assertThatThrownBy(run::carryOut).hasMessageContaining("cannot be imported: it is a folder");
        assertThatThrownBy(run::examine).hasMessageContaining("cannot be imported: it is a folder");
    }

    @Test
    void anImportThatIsCancelledAfterItsLastByteLeavesNothingEither() throws IOException {
        add('0', "file", "", "x");
        Path file = Files.write(folder.resolve("archive.tar"), whole());
        AtomicBoolean cancelled = new AtomicBoolean();
        Progress atTheEnd = new Progress() {
            @Override
            public void phase(String name) {
                cancelled.compareAndSet(false, name.equals("syncing"));
            }
        };
        ImportRun.Request request = new ImportRun.Request(file, target, false);
        ImportRun run = new ImportRun(FileSystemView.open(), request, cancelled::get, atTheEnd);

        assertThatThrownBy(run::carryOut).hasMessageContaining("cancelled");

        assertNothingHappened();
    }

    @Test
    void anImportSaysWhenItIsTooLateToStopIt() throws IOException {
        add('0', "file", "", "x");
        ImportRun run = run(whole());
        assertThat(run.canBeStopped()).isTrue();

        var unused = run.carryOut();

        assertThat(run.canBeStopped()).isFalse();
    }

    @Test
    void aKilledImportIsNamedWithWhatItLeft() throws IOException {
        add('0', "file", "", "x");
        byte[] archive = whole();
        Files.createDirectories(target.resolve(".holdfast-import/sub"));
        assertThatThrownBy(() -> doImport(archive))
                .hasMessageContaining("is at work or was interrupted")
                .satisfies(e -> assertThat(((HoldfastException) e).problem().hint())
                        .contains("`rm -r " + target + "/.holdfast-import`"));

        Files.writeString(target.resolve("#moved"), "already in its place");
        assertThatThrownBy(() -> doImport(archive))
                .satisfies(e -> assertThat(((HoldfastException) e).problem().hint())
                        .contains("`find " + target + " -mindepth 1 -delete`"));
    }

    @Test
    void aCancelledImportLeavesNothing() throws IOException {
        add('0', "file", "", "x".repeat(2 << 20));
        Path file = Files.write(folder.resolve("archive.tar"), whole());
        AtomicInteger asked = new AtomicInteger();
        ImportRun.Request request = new ImportRun.Request(file, target, false);
        ImportRun run = new ImportRun(FileSystemView.open(), request, () -> asked.incrementAndGet() > 3, Progress.NONE);

        assertThatThrownBy(run::carryOut).hasMessageContaining("cancelled");

        assertNothingHappened();
    }
}
