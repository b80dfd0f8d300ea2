package dev.holdfast.agent.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.core.progress.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** GNU tar and bsdtar unpack what we pack, and we what they pack, and nothing is lost on the way. */
@Timeout(300)
final class InteropTest {
    private static final String GNU_ALL = "tar --numeric-owner --xattrs --xattrs-include='*' --acls --selinux -S";

    /** GNU tar writes no links to FIFOs but each of its own. */
    private static final String GNU_FORGETS = "rm a/b/fifo-again; touch -d '2010-01-01 00:00:00.25' a/b;";

    /** It has a way of its own with fractions of seconds before 1970. */
    private static final String BSDTAR_ALTERS =
            "touch -d '1965-03-04 05:06:07' a/hello; touch -d '1901-12-31' a/medium";

    @TempDir
    Path folder;

    private final FileSystemView files = FileSystemView.open();
    private Path source;
    private Path other;

    @BeforeEach
    void everything() throws Exception {
        assumeTrue(Programs.has(
                "archives against GNU tar", "tar", "setfattr", "getfattr", "setfacl", "setcap", "rsync", "xz", "zstd"));
        source = folder.resolve("source");
        other = Files.createDirectories(folder.resolve("other"));
        Programs.shell(source, Programs.EVERYTHING);
    }

    private ExportOutcome export(Compression compression) {
        ExportRun.Target target = new ExportRun.Target(folder, "made.tar", compression, Optional.empty());
        return new ExportRun(files, target, () -> false, Progress.NONE).folder(source);
    }

    private ImportOutcome doImport(String archive) {
        ImportRun.Request request = new ImportRun.Request(folder.resolve(archive), folder.resolve("imported"), true);
        return new ImportRun(files, request, () -> false, Progress.NONE).carryOut();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void gnuTarUnpacksOursToTheSameTree(Compression compression) throws Exception {
        ExportOutcome outcome = export(compression);

        assertThat(outcome.missing()).isEmpty();
        Programs.shell(folder, GNU_ALL + " -xpf made.tar -C other");
        Programs.assertSame(source, other);
        Programs.assertHoles(other);
        assertThat(folder.resolve("made.tar")).hasSize(outcome.archiveBytes());
        assertThat(outcome.archiveBytes()).isLessThan(20_000_000);
        assertThat(Files.getPosixFilePermissions(folder.resolve("made.tar")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void bsdtarUnpacksOurs() throws Exception {
        assumeTrue(Programs.has("archives against bsdtar", "bsdtar"));
        Programs.shell(source, BSDTAR_ALTERS);
        Programs.shell(source, "setfattr -x 'user.a=b%c' a/hello"); // it does not know how GNU tar escapes names
        export(Compression.NONE);

        Programs.shell(folder, "LC_ALL=C.UTF-8 bsdtar --numeric-owner -xpf made.tar -C other");
        Programs.shell(other, "touch -r ../source ."); // it leaves the time of the folder that it unpacks into
        Programs.assertSame(source, other);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--format=pax",
                "--format=pax --sparse-version=0.0",
                "--format=pax --sparse-version=0.1",
                "--format=posix --pax-option=globexthdr.name=/tmp/g,comment=all",
                "--format=pax --gzip",
                "--format=pax --bzip2",
                "--format=pax --xz",
                "--format=pax --zstd"
            })
    void whatGnuTarPacksComesBackTheSame(String how) throws Exception {
        Programs.shell(source, GNU_FORGETS);
        Programs.shell(folder, GNU_ALL + " " + how + " -cf theirs.tar -C source .");

        ImportOutcome outcome = doImport("theirs.tar");

        assertThat(outcome.leftOut()).isEmpty();
        Programs.assertSame(source, folder.resolve("imported"));
        Programs.assertHoles(folder.resolve("imported"));
    }

    /** The formats without extended headers know whole seconds, and no attributes. */
    @ParameterizedTest
    @ValueSource(strings = {"--format=gnu -S", "--format=gnu", "--format=ustar", "--format=oldgnu", "--format=v7"})
    void whatTheOldFormatsHoldComesBack(String how) throws Exception {
        Programs.shell(
                source,
                "find . -exec setfattr -h -x trusted.link {} + 2>/dev/null || true; setfacl -R -b . ; rm a/hello a/b/second third;"
                        + GNU_FORGETS
                        + " for a in $(getfattr -R -h -P -m - . 2>/dev/null | grep '^[a-z]*\\.' | sort -u); do"
                        + " find . -exec setfattr -h -x $a {} \\; 2>/dev/null || true; done");
        if (!how.contains("-S")) {
            Programs.shell(source, "rm huge");
        }
        if (!how.contains("gnu")) {
            Programs.shell(source, "rm -rf 0* long-link a/large 'with space/large again' empty/ a/medium");
        }
        if (how.endsWith("v7")) {
            Programs.shell(source, "rm -rf a/fifo a/null a/disk");
        }
        Programs.shell(source, "find . -exec touch -h -d '2011-01-01 00:00:00' {} +");
        Programs.shell(folder, "tar --numeric-owner " + how + " -cf theirs.tar -C source . 2>&1");

        doImport("theirs.tar");

        Programs.assertSame(source, folder.resolve("imported"));
        if (how.contains("-S")) {
            Programs.assertHoles(folder.resolve("imported"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--gzip", "--lzma", "--lz4"})
    void whatBsdtarPacksComesBackTheSame(String how) throws Exception {
        assumeTrue(Programs.has("archives of bsdtar", "bsdtar"));
        Programs.shell(source, BSDTAR_ALTERS);
        Programs.shell(folder, "bsdtar --numeric-owner --format=pax " + how + " -cf theirs.tar -C source .");

        doImport("theirs.tar");
        Programs.assertSame(source, folder.resolve("imported"));
    }

    @Test
    void aPlainTarOfAVolumeComesBack() throws Exception {
        Programs.shell(source, "rm -rf huge; find . -exec touch -h -d '2011-01-01 00:00:00' {} +");
        Programs.shell(source, "tar -cpvf ../theirs.tar . > /dev/null 2>&1");
        Programs.shell(other, "tar -xpf ../theirs.tar");

        doImport("theirs.tar");

        Programs.assertSame(other, folder.resolve("imported"));
    }

    @Test
    void ourOwnComesBack() throws Exception {
        ExportOutcome exported = export(Compression.ZST);
        ImportOutcome imported = doImport("made.tar");

        Programs.assertSame(source, folder.resolve("imported"));
        assertThat(imported.entries()).isEqualTo(exported.entries());
        assertThat(imported.bytes()).isEqualTo(exported.bytes());
        assertThat(imported.links()).isEqualTo(exported.links());
    }
}
