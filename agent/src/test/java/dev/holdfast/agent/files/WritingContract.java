package dev.holdfast.agent.files;

import static dev.holdfast.agent.files.ReadingContract.attributeNames;
import static dev.holdfast.agent.files.ReadingContract.names;
import static dev.holdfast.agent.files.ReadingContract.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Writing: what a restore creates, changes and removes, seen with the system's own tools. */
abstract class WritingContract extends FileSystemContract {
    private static final byte[] FILE = bytes("file");
    private static final byte[] LINK = bytes("link");
    private static final byte[] DIR = bytes("dir");

    @Test
    void aFileIsWrittenUnderAnotherNameAndRenamed() throws Exception {
        byte[] content = bytes("0123456789".repeat(50_000));
        byte[] name = raw('n', 0xff, '\n');
        try (FileWriter writer = root.createFile(bytes("temporary"))) {
            writer.pwrite(250_000, content, 250_000, 250_000);
            writer.pwrite(0, content, 0, 250_000);
            writer.beginSync(0, content.length);
            byte[] back = new byte[5];
            assertThat(writer.pread(499_998, back, 0, 5)).isEqualTo(2);
            assertThat(writer.status().size()).isEqualTo(content.length);
            assertThat(writer.status().mode()).isEqualTo(0600);
            writer.sync();
        }
        assertThat(refused(() -> root.createFile(bytes("temporary"))).exists()).isTrue();
        root.rename(bytes("temporary"), root, name);
        root.sync();
        assertThat(names(root.scan())).containsExactly(name);
        assertThat(shell.run("cat n* | sha256sum"))
                .isEqualTo(shell.run("yes 0123456789 | tr -d '\\n' | head -c 500000 | sha256sum"));
    }

    @Test
    void aFileIsChangedInPlace() throws Exception {
        shell.run("printf 'abcdef' > file; ln file second");
        try (FileWriter writer = root.openForWriting(FILE)) {
            writer.pwrite(2, bytes("XY"), 0, 2);
            writer.setLength(5);
        }
        assertThat(Files.readString(folder.resolve("second"))).isEqualTo("abXYe");
    }

    @Test
    void aFileIsTakenByOneWriterAtATime() throws Exception {
        try (FileWriter first = root.createFile(FILE)) {
            assertThat(first.tryLock()).isTrue();
            try (FileWriter second = root.openForWriting(FILE)) {
                assertThat(second.tryLock()).isFalse();
            }
        }
        try (FileWriter third = root.openForWriting(FILE)) {
            assertThat(third.tryLock()).isTrue();
        }
    }

    @Test
    void aLinkIsNeitherOverwrittenNorWrittenThrough() throws Exception {
        shell.run("echo precious > target; ln -s target link; mkfifo fifo");
        assertThat(refused(() -> root.openForWriting(LINK)).isLink()).isTrue();
        assertThat(refused(() -> root.createFile(LINK)).exists()).isTrue();
        assertThat(refused(() -> root.openForWriting(bytes("fifo"))).errno()).isEqualTo(Errno.EINVAL);
        assertThat(Files.readString(folder.resolve("target"))).isEqualTo("precious\n");
    }

    @Test
    void lengthAndHolesAreSetOrTheLossIsReported() throws Exception {
        try (FileWriter writer = root.createFile(FILE)) {
            writer.setLength(1 << 20);
            writer.pwrite(0, bytes("x".repeat(65536)), 0, 65536);
            writer.punchHole(4096, 32768);
            writer.punchHole(1 << 19, 1L << 40);
            assertThat(writer.status().size()).isEqualTo(1 << 20);
        }
        byte[] content = Files.readAllBytes(folder.resolve("file"));
        assertThat(content).hasSize(1 << 20);
        for (int i = 0; i < content.length; i++) {
            boolean data = i < 65536 && (i < 4096 || i >= 36864);
            assertThat(content[i]).as("byte " + i).isEqualTo((byte) (data ? 'x' : 0));
        }
        if (exact()) {
            assertThat(root.status(FILE).blocks()).isEqualTo((65536 - 32768) / 512);
        } else {
            assertReportedLoss("sparse maps");
        }
    }

    @Test
    void directoriesLinksAndHardLinksAreCreated() throws Exception {
        root.createDirectory(DIR);
        assertThat(root.status(DIR).mode()).isEqualTo(0700);
        byte[] target = raw('.', '.', '/', 0xfe, '/', 'x');
        root.createSymlink(LINK, target);
        assertThat(root.readLink(LINK)).isEqualTo(target);
        root.createFile(FILE).close();
        try (Directory dir = root.openDirectory(DIR)) {
            dir.createLink(bytes("hard"), root, FILE);
            dir.createLink(bytes("hardlink-of-link"), root, LINK);
            assertThat(dir.status(bytes("hard")).sameFile(root.status(FILE))).isTrue();
            assertThat(dir.status(bytes("hardlink-of-link")).type()).isEqualTo(FileType.SYMLINK);
            dir.sync();
        }
        assertThat(refused(() -> root.createDirectory(DIR)).exists()).isTrue();
        assertThat(refused(() -> root.createSymlink(LINK, target)).exists()).isTrue();
    }

    @Test
    void specialFilesAreCreatedOrTheLossIsReported() throws Exception {
        if (!exact()) {
            assertReportedLoss("FIFOs, sockets and devices cannot be created");
            assertThat(refused(() -> root.createNode(bytes("fifo"), FileType.FIFO, 0))
                            .unsupported())
                    .isTrue();
            return;
        }
        root.createNode(bytes("fifo"), FileType.FIFO, 0);
        root.createNode(bytes("socket"), FileType.SOCKET, 0);
        assertThat(shell.run("stat -c '%F %a' fifo socket")).isEqualTo("fifo 600\nsocket 600");
        need(ROOT && shell.succeeds("mknod try b 7 77"), "creating device nodes (needs root)");
        root.createNode(bytes("block"), FileType.BLOCK, DeviceNumber.of(259, 300000));
        assertThat(shell.run("stat -c '%F %t %T' block")).isEqualTo("block special file 103 493e0");
    }

    @Test
    void everyAttributeIsSetInTheOrderThatKeepsThem() throws Exception {
        need(
                ROOT && shell.succeeds("touch f; setcap cap_chown+p f; setfacl -m u:7:r f"),
                "owners, capabilities, ACLs (root)");
        shell.run(
                "touch model; chmod 6745 model; setfacl -m u:1234:r,m::r model; setcap cap_net_raw+ep model; setfattr -n user.a -v b model;"
                        + " touch file; setfattr -n user.extra -v x file; setfattr -n trusted.extra -v x file");
        List<ExtendedAttribute> xattrs =
                new ArrayList<>(FileSystemView.open().openRoot(folder).xattrs(bytes("model")));
        Timestamp time = new Timestamp(exact() ? -1_000_000_000L : 5_000_000_000L, 123_456_789);
        root.attributes(FILE).apply(new Metadata(1001, 4_000_000_000L, 06745, xattrs, time));
        assertThat(shell.run("stat -c '%a %u %g %Y' file")).isEqualTo("6745 1001 4000000000 " + time.seconds());
        assertThat(root.status(FILE).modified()).isEqualTo(time);
        if (exact()) {
            assertThat(root.xattrs(FILE)).isEqualTo(xattrs);
            assertThat(shell.run("getcap file")).contains("cap_net_raw=ep");
            assertThat(shell.run("getfacl -cn file")).contains("user:1234:r--");
        } else {
            assertReportedLoss("extended attributes outside user.*");
            assertThat(attributeNames(root.xattrs(FILE))).containsExactly("user.a");
        }
    }

    @Test
    void attributesOfDirectoriesOfTheRootAndOfOpenFilesAreSet() throws Exception {
        shell.run("mkdir dir; setfattr -n user.old -v x dir || true");
        Metadata metadata = metadata(03751, new Timestamp(7_000_000_000L, 1));
        root.attributes(DIR).apply(metadata);
        root.attributes().apply(metadata);
        try (FileWriter writer = root.createFile(FILE)) {
            writer.attributes().apply(metadata);
        }
        root.attributes().setModified(metadata.modified());
        assertThat(shell.run("stat -c '%a %Y' dir . file"))
                .isEqualTo("3751 7000000000\n3751 7000000000\n3751 7000000000");
        assertThat(root.xattrs(DIR)).isEqualTo(metadata.xattrs());
        assertThat(root.xattrs()).isEqualTo(metadata.xattrs());
        assertThat(root.xattrs(FILE)).isEqualTo(metadata.xattrs());
    }

    @Test
    void attributesOfALinkAreItsOwn() throws Exception {
        shell.run("touch -d @1000 target; ln -s target link");
        Status target = root.status(bytes("target"));
        Timestamp time = new Timestamp(exact() ? -5 : 5, 123_456_000);
        Attributes attributes = root.attributes(LINK);
        attributes.setMode(0777);
        attributes.setXattrs(List.of());
        attributes.setModified(time);
        assertThat(root.status(LINK).modified()).isEqualTo(time);
        Status after = root.status(bytes("target"));
        assertThat(after.modified()).isEqualTo(target.modified());
        assertThat(after.mode()).isEqualTo(target.mode());
        need(ROOT, "owners of links (needs root)");
        attributes.setOwner(12, 34);
        assertThat(shell.run("stat -c '%u %g' link target")).isEqualTo("12 34\n0 0");
        if (exact()) {
            attributes.setModified(new Timestamp(5, 123_456_789));
            assertThat(root.status(LINK).modified().nanos()).isEqualTo(123_456_789);
            attributes.setXattrs(List.of(new ExtendedAttribute(bytes("trusted.t"), bytes("v"))));
            assertThat(shell.run("getfattr -h --only-values -n trusted.t link")).isEqualTo("v");
            assertThat(root.xattrs(bytes("target"))).isEmpty();
        } else {
            assertReportedLoss("times of symbolic links");
            assertReportedLoss("modification times before 1970");
        }
    }

    @Test
    void twoDirectoriesAreExchangedOrTheLossIsReported() throws Exception {
        shell.run("mkdir a b; touch a/in-a b/in-b");
        if (!exact()) {
            assertReportedLoss("exchanged");
            assertThat(refused(() -> root.exchange(bytes("a"), root, bytes("b")))
                            .unsupported())
                    .isTrue();
            return;
        }
        root.exchange(bytes("a"), root, bytes("b"));
        assertThat(shell.run("ls a b")).isEqualTo("a:\nin-b\n\nb:\nin-a");
    }

    @Test
    void aTreeIsRemovedButNotWhatItsLinksPointTo() throws Exception {
        shell.run("mkdir -p keep/inner tree/a/b/c; touch keep/inner/file tree/a/file tree/a/b/f; mkfifo tree/a/fifo;"
                + " ln -s ../../keep tree/a/link; ln -s /nowhere tree/dangling; chmod 0 tree/a/file");
        root.removeTree(bytes("tree"));
        assertThat(shell.run("find . | sort")).isEqualTo(".\n./keep\n./keep/inner\n./keep/inner/file");
        shell.run("ln -s keep link");
        root.removeTree(LINK);
        root.removeTree(bytes("keep"));
        assertThat(root.scan().size()).isZero();
        assertThat(refused(() -> root.removeTree(bytes("keep"))).notFound()).isTrue();
    }

    @Test
    void aMountedFileSystemIsNotRemoved() throws Exception {
        need(ROOT && shell.succeeds("mkdir -p tree/mount && mount -t tmpfs none tree/mount"), "mounts (needs root)");
        try {
            shell.run("touch tree/mount/precious");
            assertThat(refused(() -> root.removeTree(bytes("tree"))).errno()).isEqualTo(Errno.EXDEV);
            assertThat(shell.run("ls tree/mount")).isEqualTo("precious");
        } finally {
            shell.run("umount tree/mount");
        }
    }

    @Test
    void filesAndDirectoriesAreRemovedOnlyAsWhatTheyAre() throws Exception {
        shell.run("mkdir dir; touch dir/file file");
        assertThat(refused(() -> root.removeFile(DIR)).errno()).isEqualTo(Errno.EISDIR);
        assertThat(refused(() -> root.removeDirectory(FILE)).errno()).isEqualTo(Errno.ENOTDIR);
        assertThat(refused(() -> root.removeDirectory(DIR)).exists()).isTrue();
        root.removeFile(FILE);
        assertThat(refused(() -> root.status(FILE)).notFound()).isTrue();
    }

    @Test
    void nothingIsCreatedOutsideTheDirectory() throws Exception {
        for (byte[] name : List.of(bytes(".."), bytes("../evil"), bytes("/tmp/evil"), bytes(""), raw('a', 0))) {
            assertThat(refused(() -> root.createFile(name)).errno()).isEqualTo(Errno.EINVAL);
            assertThat(refused(() -> root.createDirectory(name)).errno()).isEqualTo(Errno.EINVAL);
            assertThat(refused(() -> root.createSymlink(name, bytes("t"))).errno())
                    .isEqualTo(Errno.EINVAL);
            assertThat(refused(() -> root.rename(bytes("a"), root, name)).errno())
                    .isEqualTo(Errno.EINVAL);
            assertThat(refused(() -> root.createLink(name, root, FILE)).errno()).isEqualTo(Errno.EINVAL);
            assertThat(refused(() -> root.removeTree(name)).errno()).isEqualTo(Errno.EINVAL);
            assertThat(refused(() -> root.attributes(name)).errno()).isEqualTo(Errno.EINVAL);
        }
    }

    @Test
    void aFullDiskIsRecognised() throws Exception {
        need(
                ROOT && shell.succeeds("mkdir small && mount -t tmpfs -o size=64k none small"),
                "a full disk (needs root)");
        try (Directory small = root.openDirectory(bytes("small"));
                FileWriter writer = small.createFile(FILE)) {
            byte[] much = new byte[1 << 20];
            assertThat(refused(() -> writer.pwrite(0, much, 0, much.length)).noSpace())
                    .isTrue();
        } finally {
            shell.run("umount -l small");
        }
    }

    private Metadata metadata(int mode, Timestamp modified) throws Exception {
        boolean attributes = shell.succeeds("touch probe; setfattr -n user.probe -v x probe");
        List<ExtendedAttribute> xattrs =
                attributes ? List.of(new ExtendedAttribute(bytes("user.kept"), raw(0, 1, 0xff))) : List.of();
        Status own = root.status();
        return new Metadata(own.uid(), own.gid(), mode, xattrs, modified);
    }
}
