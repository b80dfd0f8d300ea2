package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tree with every kind of file and metadata goes from one host to another. */
@Timeout(600)
final class FidelityTest {
    static final String FOR_EVERYBODY = """
            mkdir -p a/b/c empty 'with space' "$(printf 'folder-\\377')"
            echo hello > a/hello; echo world > a/b/world; : > a/nothing
            head -c 300000 /dev/urandom > a/medium; head -c 9000000 /dev/urandom > a/large
            ln -s hello a/link; ln -s /nowhere/at/all dangling; ln -s ../.. a/b/up; ln -s a folder-link
            mkfifo a/fifo
            ln a/hello a/b/second; ln a/hello third; ln a/large 'with space/large again'; ln a/fifo a/b/fifo-again
            truncate -s 5000000 sparse; printf x | dd of=sparse bs=1 seek=3000000 conv=notrunc status=none
            truncate -s 1000000 all-hole
            printf a > "$(printf 'not-utf8-\\377\\376')"; printf b > "$(printf 'new\\nline')"
            printf c > "$(printf 'folder-\\377/\\200')"; printf d > ' '; printf e > '-n'; printf f > "$(printf '%0255d' 7)"
            chmod 0640 a/hello; chmod 1777 empty; chmod 0400 a/medium; chmod 2750 'with space'; chmod 0711 a/fifo
            touch -d '1965-03-04 05:06:07.123456789' a/hello
            touch -d '1901-12-31 23:59:59.999999999' a/medium
            touch -d '2099-12-31 23:59:58.000000001' a/large
            touch -d '1970-01-01 00:00:00' a/nothing
            touch -h -d '2001-02-03 04:05:06.987654321' a/link
            touch -d '2040-01-01 00:00:00.5' a/fifo
            """;
    static final String ATTRIBUTES = """
            setfattr -n user.comment -v 'a comment' a/hello
            setfattr -n user.binary -v 0x00ff0a a/b/world; setfattr -n user.empty -v '' a/b/world
            setfattr -n user.folder -v 'of a folder' a/b; setfattr -n user.root -v 'of the root' .
            setfacl -m u:1234:rw a/b/world; setfacl -d -m g:77:rx a/b; setfacl -m g:88:rwx a/b/c
            """;
    static final String FOR_ROOT = """
            cp /bin/true a/suid; chown 5:6 a/suid; chmod 6755 a/suid; chown 1234:5678 a/b/world; chown -h 99:98 a/link
            chown 4000000000:4000000001 empty; chown 7:8 a/fifo; setfattr -n trusted.secret -v 'of root' a/nothing
            setfattr -h -n trusted.link -v 'of a link' dangling
            cp /bin/true a/capable; setcap cap_net_raw+ep a/capable
            mknod a/null c 1 3; mknod a/disk b 7 200; chmod 0666 a/null; chown 1:2 a/disk
            chown 21:22 .; chmod 0751 .
            """;
    static final String LAST = "touch -d '2010-01-01 00:00:00.25' a/b a/b/c a empty .";

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("dev.holdfast.system.site.Javas#all")
    void everyKindOfFileAndMetadataGoesFromOneHostToAnother(Path java) throws Exception {
        Trees.assumeHas("every kind of metadata", "setfattr", "getfattr", "setfacl", "setcap", "rsync");
        try (RealSite site = RealSite.openOn(java, folder)) {
            Trees.shell(site.documents(), FOR_EVERYBODY + ATTRIBUTES);
            makeSocket(site.documents());
            if (Trees.isRoot()) {
                Trees.shell(site.documents(), FOR_ROOT);
            } else {
                System.err.println("NOT TESTED: devices, owners, capabilities, trusted attributes: that needs root");
            }
            Trees.shell(site.documents(), LAST);

            assertThat(site.backUp("alice", "documents").well().summary().number("files_unreadable"))
                    .isZero();
            site.assertDocumentsComeBack();

            Said again = site.restore().well();
            assertThat(again.toString()).doesNotContainIgnoringCase("warning");
            assertThat(site.serverLog()).doesNotContain("WARN ");
            Trees.assertSame(site.documents(), site.papers());
        }
    }

    @Test
    void whateverStoodInTheTargetIsReplacedAndOnlyThere() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            Trees.shell(site.documents(), "mkdir d; echo 1 > d/f; echo 2 > file; ln -s file link; echo 3 > thing");
            Path outside = Files.createDirectories(folder.resolve("outside"));
            Files.writeString(outside.resolve("precious"), "kept");
            Trees.shell(
                    site.papers(),
                    "ln -s '" + outside
                            + "' d; mkdir file; echo x > file/x; echo y > link; echo z > extra; mkdir -p deep/er;"
                            + " ln -s '" + outside + "' deep/er/out; ln -s '" + outside + "/precious' thing");
            site.backUp("alice", "documents").well();

            site.assertDocumentsComeBack();

            assertThat(outside.resolve("precious")).hasContent("kept");
            assertThat(outside).isDirectoryNotContaining("glob:**/f");
        }
    }

    /** Made elsewhere first: the path of a socket must be short when it is bound. */
    private static void makeSocket(Path tree) throws Exception {
        Path place = Files.createTempDirectory("s");
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(place.resolve("s")));
            Trees.shell(tree, "mv '" + place + "/s' a/socket; rmdir '" + place + "'");
        }
    }
}
