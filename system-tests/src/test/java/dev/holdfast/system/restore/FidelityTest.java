package dev.holdfast.system.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.restore.Action;
import dev.holdfast.agent.restore.RestoreOutcome;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.system.hosts.TwoHosts;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FidelityTest {
    @TempDir
    Path temp;

    private TwoHosts hosts;
    private Path source;
    private Path target;

    @BeforeEach
    void startServer() throws Exception {
        hosts = new TwoHosts(temp.resolve("hosts"));
        source = Files.createDirectory(temp.resolve("source"));
        target = temp.resolve("target");
    }

    @AfterEach
    void stopServer() throws Exception {
        hosts.close();
    }

    private RestoreOutcome roundTrip() {
        SnapshotRecord snapshot = hosts.snapshot("alice", "data", source);
        return hosts.restore("bob", snapshot, target);
    }

    @Test
    void everyKindOfFileComesBackWithAllItsMetadata() throws Exception {
        Trees.shell(source, """
                mkdir -p a/b/c empty 'with space'
                echo hello > a/hello; echo world > a/b/world; : > a/nothing
                head -c 300000 /dev/urandom > a/medium; head -c 9000000 /dev/urandom > a/large
                ln -s hello a/link; ln -s /nowhere/at/all dangling; ln -s '' 2>/dev/null x || true
                mkfifo a/fifo
                ln a/hello a/b/second; ln a/hello third; ln a/large empty/large-again
                truncate -s 5000000 sparse; printf x | dd of=sparse bs=1 seek=3000000 conv=notrunc status=none
                truncate -s 1000000 allhole
                printf 'a' > "$(printf 'not-utf8-\\377\\376')"
                printf 'b' > "$(printf 'new\\nline')"
                setfattr -n user.comment -v 'a comment' a/hello
                setfattr -n user.folder -v 'of a folder' a/b
                setfacl -m u:1234:rw a/b/world; setfacl -d -m g:77:rx a/b
                chmod 0640 a/hello; chmod 1777 empty; chmod 2755 a/b; chmod 0400 a/medium; chmod 0000 a/nothing
                touch -d '1965-03-04 05:06:07.123456789' a/hello
                touch -h -d '2001-02-03 04:05:06.987654321' a/link
                """);
        if (Trees.root()) {
            Trees.shell(source, """
                    cp /bin/true a/suid; chmod 4755 a/suid; chown 1234:5678 a/b/world; chown -h 99:98 a/link
                    cp /bin/true a/capable; setcap cap_net_raw+ep a/capable
                    mknod a/null c 1 3; mknod a/disk b 7 200; chown 4000000000:4000000001 empty
                    """);
        }
        Trees.shell(source, "touch -d '2010-01-01 00:00:00.5' a/b a . ");
        RestoreOutcome outcome = roundTrip();
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.leftOut()).isEmpty();
        assertThat(Trees.differences(source, target)).isEmpty();
    }

    @Test
    void manySmallFilesComeBack() throws Exception {
        Trees.shell(
                source,
                "for d in $(seq 1 20); do mkdir d$d; for f in $(seq 1 200); do echo \"$d $f\" > d$d/f$f; done; done");
        RestoreOutcome outcome = roundTrip();
        assertThat(outcome.files()).isEqualTo(4000);
        assertThat(outcome.count(Action.CREATE)).isEqualTo(4020);
        assertThat(Trees.differences(source, target)).isEmpty();
    }
}
