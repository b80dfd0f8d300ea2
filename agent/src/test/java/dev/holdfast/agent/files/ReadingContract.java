package dev.holdfast.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading: listing, status, content, links, extended attributes, holes. */
abstract class ReadingContract extends FileSystemContract {

    @Test
    void everyKindOfFileIsRecognised() throws Exception {
        shell.run("echo hello > file; mkdir dir; ln -s nowhere link; mkfifo fifo;"
                + " perl -MSocket -e 'socket(S,AF_UNIX,SOCK_STREAM,0);bind(S,sockaddr_un(\"socket\")) or die'");
        assertThat(root.status(bytes("file")).type()).isEqualTo(FileType.FILE);
        assertThat(root.status(bytes("dir")).type()).isEqualTo(FileType.DIRECTORY);
        assertThat(root.status(bytes("link")).type()).isEqualTo(FileType.SYMLINK);
        assertThat(root.status(bytes("fifo")).type()).isEqualTo(FileType.FIFO);
        assertThat(root.status(bytes("socket")).type()).isEqualTo(FileType.SOCKET);
        assertThat(text(root.readLink(bytes("link")))).isEqualTo("nowhere");
    }

    @Test
    void devicesKeepTheirNumbers() throws Exception {
        need(ROOT && shell.succeeds("mknod try b 7 77"), "device nodes (needs root)");
        shell.run("mknod block b 259 300000; mknod character c 1 3");
        Status block = root.status(bytes("block"));
        assertThat(block.type()).isEqualTo(FileType.BLOCK);
        assertThat(DeviceNumber.major(block.deviceNumber())).isEqualTo(259);
        assertThat(DeviceNumber.minor(block.deviceNumber())).isEqualTo(300000);
        assertThat(block.deviceNumber()).isEqualTo(DeviceNumber.of(259, 300000));
        assertThat(root.status(bytes("character")).type()).isEqualTo(FileType.CHARACTER);
    }

    @Test
    void statusAgreesWithTheSystemsOwnTool() throws Exception {
        shell.run("echo hello > file; chmod 6754 file; ln file again; touch -d '2021-03-04 05:06:07.123456789' file");
        String[] stat = shell.run("stat -c '%a %u %g %s %i %h %d %Z' file").split(" ", -1);
        Status status = root.status(bytes("file"));
        assertThat(Integer.toOctalString(status.mode())).isEqualTo(stat[0]);
        assertThat(status.uid()).isEqualTo(Long.parseLong(stat[1]));
        assertThat(status.gid()).isEqualTo(Long.parseLong(stat[2]));
        assertThat(status.size()).isEqualTo(Long.parseLong(stat[3]));
        assertThat(status.inode()).isEqualTo(Long.parseLong(stat[4]));
        assertThat(status.links()).isEqualTo(Long.parseLong(stat[5])).isEqualTo(2);
        assertThat(status.device()).isEqualTo(Long.parseLong(stat[6]));
        assertThat(status.changed().seconds()).isEqualTo(Long.parseLong(stat[7]));
        assertThat(status.modified()).isEqualTo(new Timestamp(1614834367, 123456789));
        assertThat(status.sameFile(root.status(bytes("again")))).isTrue();
        assertThat(root.status().sameFile(status)).isFalse();
        assertThat(root.status().inode()).isEqualTo(Long.parseLong(shell.run("stat -c %i .")));
    }

    @Test
    void timesBefore1970AndAfter2038AreRead() throws Exception {
        shell.run("touch -d '1931-02-03 04:05:06.999999999' old; touch -d '2199-02-03 04:05:06.000000001' new");
        assertThat(root.status(bytes("old")).modified()).isEqualTo(new Timestamp(-1227902094L, 999999999));
        assertThat(root.status(bytes("new")).modified()).isEqualTo(new Timestamp(7229448306L, 1));
    }

    @Test
    void namesAreSortedBytesAndSurviveWhateverTheyAre() throws Exception {
        String longest = "n".repeat(255);
        shell.run(
                "for n in b a ab 'a b' A \"$(printf 'two\\nlines')\" \"$(printf 'bad\\377\\200')\" \"$(printf '\\303\\274')\""
                        + " '%41' 'back\\slash' ' ' '-rf' '...' " + longest + "; do echo \"$n\" > \"./$n\"; done");
        Listing listing = root.scan();
        List<byte[]> names = names(listing);
        assertThat(names).isSortedAccordingTo(Arrays::compareUnsigned).hasSize(14);
        for (byte[] expected : List.of(
                bytes("two\nlines"),
                raw('b', 'a', 'd', 0xff, 0x80),
                bytes("\u00fc"),
                bytes("%41"),
                bytes("back\\slash"),
                bytes("..."),
                bytes(longest))) {
            int rank = listing.find(expected);
            assertThat(rank).isNotNegative();
            assertThat(listing.name(rank)).isEqualTo(expected);
            assertThat(content(expected)).isEqualTo(concat(expected, raw('\n')));
        }
        assertThat(listing.find(bytes("absent"))).isNegative();
    }

    @Test
    void anEmptyDirectoryHasNoNames() throws Exception {
        assertThat(root.scan().size()).isZero();
    }

    @Test
    void aDirectoryMayBeScannedAgain() throws Exception {
        shell.run("touch a b");
        assertThat(root.scan().size()).isEqualTo(2);
        shell.run("touch c");
        assertThat(root.scan().size()).isEqualTo(3);
    }

    @Test
    void aHundredThousandNamesComeInOrder() throws Exception {
        shell.run("seq -f 'some-common-prefix-%g' 0 99999 | xargs touch");
        long begin = System.nanoTime();
        Listing listing = root.scan();
        System.out.printf("listed and sorted 100000 names in %d ms%n", (System.nanoTime() - begin) / 1_000_000);
        assertThat(listing.size()).isEqualTo(100_000);
        for (int i = 1; i < listing.size(); i++) {
            assertThat(listing.compare(i - 1, listing.name(i))).isNegative();
        }
    }

    @Test
    void contentIsReadInAnyStepAndAtAnyPlace() throws Exception {
        shell.run("seq 1 100000 > file");
        byte[] expected = java.nio.file.Files.readAllBytes(folder.resolve("file"));
        assertThat(content(bytes("file"))).isEqualTo(expected);
        try (FileReader reader = root.openFile(bytes("file"))) {
            byte[] whole = new byte[expected.length + 10];
            assertThat(reader.pread(0, whole, 5, expected.length + 5)).isEqualTo(expected.length);
            assertThat(Arrays.copyOfRange(whole, 5, 5 + expected.length)).isEqualTo(expected);
            byte[] some = new byte[10];
            assertThat(reader.pread(300_000, some, 0, 10)).isEqualTo(10);
            assertThat(some).isEqualTo(Arrays.copyOfRange(expected, 300_000, 300_010));
            assertThat(reader.pread(expected.length, some, 0, 10)).isEqualTo(-1);
            assertThat(reader.pread(expected.length - 3L, some, 0, 10)).isEqualTo(3);
            reader.seek(2);
            assertThat(reader.read(some, 0, 2)).isEqualTo(2);
            assertThat(reader.read(some, 2, 2)).isEqualTo(2);
            assertThat(Arrays.copyOf(some, 4)).isEqualTo(Arrays.copyOfRange(expected, 2, 6));
            assertThat(reader.opened().size()).isEqualTo(expected.length);
            shell.run("echo more >> file");
            assertThat(reader.status().size()).isEqualTo(expected.length + 5L);
            assertThat(reader.opened().size()).isEqualTo(expected.length);
        }
    }

    @Test
    void holesAreFoundOrTheirLossIsReported() throws Exception {
        shell.run("truncate -s 8G file; printf data | dd of=file bs=1 seek=4294967296 conv=notrunc status=none");
        try (FileReader reader = root.openFile(bytes("file"))) {
            if (!exact()) {
                assertReportedLoss("sparse maps");
                assertThat(reader.nextData(0)).isZero();
                assertThat(reader.nextHole(0)).isEqualTo(8L << 30);
                return;
            }
            assertThat(reader.nextData(0)).isEqualTo(4L << 30);
            assertThat(reader.nextHole(4L << 30)).isEqualTo((4L << 30) + 4096);
            assertThat(reader.nextData((4L << 30) + 4096)).isEqualTo(FileReader.NO_MORE_DATA);
            assertThat(reader.nextHole(8L << 30)).isEqualTo(8L << 30);
            assertThat(reader.opened().blocks()).isEqualTo(8);
        }
    }

    @Test
    void userAttributesAreReadSorted() throws Exception {
        need(shell.succeeds("touch f; setfattr -n user.probe -v 1 f"), "extended attributes (setfattr, file system)");
        shell.run(
                "touch file; setfattr -n user.zebra -v stripes file; setfattr -n user.Ant -v 0x00ff00 file;"
                        + " setfattr -n user.empty file; mkdir dir; setfattr -n user.dir -v yes dir; setfattr -n user.top -v t .");
        List<ExtendedAttribute> expected = List.of(
                new ExtendedAttribute(bytes("user.Ant"), raw(0, 0xff, 0)),
                new ExtendedAttribute(bytes("user.empty"), raw()),
                new ExtendedAttribute(bytes("user.zebra"), bytes("stripes")));
        assertThat(root.xattrs(bytes("file"))).isEqualTo(expected);
        try (FileReader reader = root.openFile(bytes("file"))) {
            assertThat(reader.xattrs()).isEqualTo(expected);
        }
        List<ExtendedAttribute> ofDirectory = List.of(new ExtendedAttribute(bytes("user.dir"), bytes("yes")));
        assertThat(root.xattrs(bytes("dir"))).isEqualTo(ofDirectory);
        try (Directory dir = root.openDirectory(bytes("dir"))) {
            assertThat(dir.xattrs()).isEqualTo(ofDirectory);
        }
        assertThat(root.xattrs()).containsExactly(new ExtendedAttribute(bytes("user.top"), bytes("t")));
        shell.run("touch plain; ln -s file link");
        assertThat(root.xattrs(bytes("plain"))).isEmpty();
        assertThat(root.xattrs(bytes("link"))).isEmpty();
    }

    @Test
    void capabilitiesAclsAndTrustedAttributesAreReadOrTheirLossIsReported() throws Exception {
        need(
                ROOT && shell.succeeds("touch f; setcap cap_net_raw+ep f; setfacl -m u:1234:r f"),
                "capabilities, ACLs, trusted attributes (root, setcap, setfacl)");
        shell.run("touch file; setfacl -m u:1234:r file; setcap cap_net_raw+ep file; ln -s file link;"
                + " setfattr -h -n trusted.link -v itself link; mkdir dir; setfacl -d -m u:1234:rx dir");
        List<String> names = attributeNames(root.xattrs(bytes("file")));
        if (!exact()) {
            assertReportedLoss("POSIX ACLs and file capabilities");
            assertReportedLoss("extended attributes of symbolic links");
            assertThat(names).isEmpty();
            return;
        }
        assertThat(names).containsExactly("security.capability", "system.posix_acl_access");
        assertThat(root.xattrs(bytes("link")))
                .containsExactly(new ExtendedAttribute(bytes("trusted.link"), bytes("itself")));
        assertThat(attributeNames(root.xattrs(bytes("dir")))).containsExactly("system.posix_acl_default");
    }

    @Test
    void linksAreNeverFollowed() throws Exception {
        shell.run(
                "mkdir -p outside/dir; echo secret > outside/file; ln -s outside/dir dirlink; ln -s outside/file filelink");
        assertThat(refused(() -> root.openDirectory(bytes("dirlink"))).isLink()).isTrue();
        assertThat(refused(() -> root.openFile(bytes("filelink"))).isLink()).isTrue();
    }

    @Test
    void aDirectorySwappedForALinkAfterTheListingIsRefused() throws Exception {
        shell.run("mkdir -p victim elsewhere; echo secret > elsewhere/file");
        Listing listing = root.scan();
        assertThat(root.status(bytes("victim")).isDirectory()).isTrue();
        shell.run("rmdir victim; ln -s elsewhere victim");
        int rank = listing.find(bytes("victim"));
        assertThat(refused(() -> root.openDirectory(listing.name(rank))).isLink())
                .isTrue();
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws Exception {
        shell.run("mkdir dir; touch dir/file");
        for (byte[] name :
                List.of(bytes(""), bytes("."), bytes(".."), bytes("dir/file"), bytes("/etc"), raw('a', 0, 'b'))) {
            assertThat(refused(() -> root.status(name)).errno()).isEqualTo(Errno.EINVAL);
            assertThat(refused(() -> root.openFile(name)).errno()).isEqualTo(Errno.EINVAL);
            assertThat(refused(() -> root.openDirectory(name)).errno()).isEqualTo(Errno.EINVAL);
            assertThat(refused(() -> root.xattrs(name)).errno()).isEqualTo(Errno.EINVAL);
        }
        byte[] tooLong = bytes("x".repeat(5000));
        assertThat(refused(() -> root.status(tooLong)).errno()).isEqualTo(Errno.ENAMETOOLONG);
        assertThat(refused(() -> root.status(bytes("y".repeat(256)))).errno()).isEqualTo(Errno.ENAMETOOLONG);
    }

    @Test
    void failuresSayWhatOnWhichFileAndWhy() throws Exception {
        shell.run("mkdir dir");
        try (Directory dir = root.openDirectory(bytes("dir"))) {
            FileAccessException absent = refused(() -> dir.openFile(raw('a', 0xff, '\n', 'b')));
            assertThat(absent.notFound()).isTrue();
            assertThat(absent.denied()).isFalse();
            assertThat(absent.path()).isEqualTo(folder + "/dir/a\\xff\\x0ab");
            assertThat(absent)
                    .hasMessage(
                            "cannot %s '%s/dir/a\\xff\\x0ab': no such file or directory",
                            exact() ? "open" : "read the status of", folder);
        }
    }

    @Test
    void aPipeIsNotOpenedAsAFile() throws Exception {
        shell.run("mkfifo fifo; mkdir dir");
        assertThat(refused(() -> root.openFile(bytes("fifo")))).hasMessageContaining("not a regular file");
        assertThat(refused(() -> root.openFile(bytes("dir")))).hasMessageContaining("not a regular file");
        assertThat(refused(() -> root.openDirectory(bytes("fifo"))).errno()).isEqualTo(Errno.ENOTDIR);
    }

    @Test
    void ownersHaveNames() {
        assertThat(view.owners().user(0)).contains("root");
        assertThat(view.owners().group(0)).contains("root");
        assertThat(view.owners().user(3999999999L)).isEmpty();
        assertThat(view.owners().group(3999999999L)).isEmpty();
    }

    static FileAccessException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt) {
        FileAccessException refusal = catchThrowableOfType(FileAccessException.class, attempt);
        assertThat(refusal).as("the refusal").isNotNull();
        return refusal;
    }

    static List<byte[]> names(Listing listing) {
        List<byte[]> names = new ArrayList<>();
        for (int i = 0; i < listing.size(); i++) {
            names.add(listing.name(i));
        }
        return names;
    }

    static List<String> attributeNames(List<ExtendedAttribute> attributes) {
        return attributes.stream().map(attribute -> text(attribute.name())).toList();
    }

    private byte[] content(byte[] name) throws Exception {
        try (FileReader reader = root.openFile(name)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] step = new byte[777];
            int count = reader.read(step, 0, step.length);
            while (count >= 0) {
                all.write(step, 0, count);
                count = reader.read(step, 0, step.length);
            }
            return all.toByteArray();
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
