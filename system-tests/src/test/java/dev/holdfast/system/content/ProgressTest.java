package dev.holdfast.system.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.backup.BackupOutcome;
import dev.holdfast.agent.restore.RestoreRequest;
import dev.holdfast.agent.restore.RestoreRun;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.system.hosts.LoopLink;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
    private static final int MIB = 1 << 20;

    @TempDir
    Path temp;

    private Volume volume;

    @BeforeEach
    void open() throws Exception {
        volume = new Volume(temp);
    }

    @AfterEach
    void close() throws Exception {
        volume.close();
    }

    /** Adds up what it is told. */
    private static class Watcher implements Progress {
        final List<Long> steps = new ArrayList<>();
        long files;
        long bytes;
        long transferred;
        long totalFiles;
        long totalBytes;
        boolean everBelow;
        final List<String> phases = new ArrayList<>();

        @Override
        public synchronized void total(long allFiles, long allBytes) {
            totalFiles = allFiles;
            totalBytes = allBytes;
            everBelow |= files > allFiles || bytes > allBytes;
        }

        /** The total is not known any more. */
        @Override
        public synchronized void atLeast(long someFiles, long someBytes) {
            totalFiles = 0;
            totalBytes = 0;
        }

        @Override
        public synchronized void phase(String name) {
            phases.add(name);
        }

        @Override
        public synchronized void advanced(long moreFiles, long moreBytes) {
            files += moreFiles;
            bytes += moreBytes;
            steps.add(moreBytes);
            everBelow |= totalBytes > 0 && (files > totalFiles || bytes > totalBytes);
        }

        @Override
        public synchronized void transferred(long moreBytes) {
            transferred += moreBytes;
        }
    }

    @Test
    void aLargeFileIsCountedWhileItIsRead() throws Exception {
        volume.change("head -c 40M /dev/urandom > plain; truncate -s 40M sparse;"
                + " (printf 'SQLite format 3\\0\\020\\0'; head -c 41943022 /dev/urandom) > database");
        Watcher watcher = new Watcher();

        volume.backUp(watcher);

        assertThat(watcher.files).isEqualTo(3);
        assertThat(watcher.bytes).isEqualTo(120L * MIB);
        assertThat(watcher.steps)
                .filteredOn(step -> step > 8 * MIB)
                .as("long steps")
                .hasSizeLessThan(2);
    }

    @Test
    void whatIsReadASecondTimeIsCountedOnce() throws Exception {
        volume.change("head -c 20M /dev/urandom > plain");
        volume.backUp();
        volume.change("printf other | dd of=plain bs=1 seek=18000000 conv=notrunc status=none");
        Watcher watcher = new Watcher();

        BackupOutcome outcome = volume.backUp(watcher);

        assertThat(outcome.bytesRead()).as("read until it differed, then anew").isGreaterThan(30L * MIB);
        assertThat(watcher.bytes).isEqualTo(20L * MIB);
        assertThat(watcher.steps).as("steps backwards").allMatch(step -> step >= 0);
    }

    @Test
    void aVolumeThatGrewHasALargerTotal() throws Exception {
        volume.change("echo small > a; echo 1 > grows; head -c 1M /dev/urandom > shrinks");
        volume.backUp();
        volume.change("head -c 20M /dev/urandom > b; head -c 10M /dev/urandom > grows; echo > shrinks");
        Watcher watcher = new Watcher();

        volume.backUp(watcher);

        assertThat(watcher.everBelow)
                .as("the total was less than what was done")
                .isFalse();
        assertThat(watcher.bytes).isEqualTo(30L * MIB + 7);
        assertThat(watcher.totalBytes).isEqualTo(30L * MIB + 7);
        assertThat(watcher.totalFiles).isEqualTo(4);
        assertThat(watcher.phases).containsExactly("comparing", "uploading", "committing");
    }

    @Test
    void aLargeFileIsCountedWhileItIsRestored() throws Exception {
        volume.change("head -c 40M /dev/urandom > plain");
        SnapshotRecord snapshot = volume.backUp().record().orElseThrow();
        AtomicInteger cuts = new AtomicInteger(1);
        volume.hosts.onConnect(link -> {
            if (cuts.getAndDecrement() > 0) {
                link.cutAfterReceiving(20 * MIB);
            }
        });
        Watcher watcher = new Watcher();

        try (RestoreRun run = volume.hosts.restoreRun(
                "alice", RestoreRequest.whole(snapshot, temp.resolve("target"), 2), watcher, () -> false)) {
            run.plan();
            run.carryOut();
        }

        assertThat(watcher.files).isEqualTo(1);
        assertThat(watcher.bytes).isEqualTo(40L * MIB);
        assertThat(watcher.everBelow).isFalse();
        assertThat(watcher.steps).as("steps").allMatch(step -> step <= 20 * MIB).hasSizeGreaterThan(8);
    }

    @Test
    void whatIsReadTwiceIsToldOnce() throws Exception {
        volume.change("head -c 40M /dev/urandom > plain");
        volume.backUp();
        volume.change("printf x | dd of=plain bs=1 seek=40000000 conv=notrunc status=none");
        Watcher watcher = new Watcher();

        BackupOutcome outcome = volume.backUp(watcher);

        assertThat(outcome.bytesRead()).as("compared, then read").isGreaterThan(70L * MIB);
        assertThat(watcher.bytes).isEqualTo(40L * MIB);
    }

    @Test
    void whatGoesOverTheWireIsToldAsItGoes() throws Exception {
        volume.change("head -c 40M /dev/urandom > plain");
        Watcher watcher = new Watcher();

        BackupOutcome outcome = volume.backUp(watcher);

        assertThat(outcome.bytesSent()).isGreaterThan(40L * MIB);
        assertThat(watcher.transferred).isBetween(40L * MIB, outcome.bytesSent() + MIB);
    }

    @Test
    void aRunOverSeveralConnectionsCountsEachFileOnceAndAllThatItSent() throws Exception {
        volume.change("for i in 1 2 3 4 5 6 7 8 9 10; do head -c 4M /dev/urandom > file$i; done");
        List<LoopLink> links = new ArrayList<>();
        AtomicInteger cuts = new AtomicInteger(1);
        volume.hosts.onConnect(link -> {
            links.add(link);
            if (cuts.getAndDecrement() > 0) {
                link.cutAfterSending(20 * MIB);
            }
        });
        Watcher watcher = new Watcher();

        BackupOutcome outcome = volume.backUp(watcher);

        assertThat(links).hasSize(2);
        assertThat(watcher.files).isEqualTo(10);
        assertThat(watcher.bytes).isEqualTo(40L * MIB);
        assertThat(outcome.newBytes()).as("though some of it went twice").isBetween(40L * MIB, 40L * MIB + (64 << 10));
        assertThat(outcome.record().orElseThrow().summary().addedBytes())
                .as("stored over both connections")
                .isBetween(40L * MIB, 41L * MIB);
        long sent = links.get(0).sent() + links.get(1).sent();
        assertThat(outcome.bytesSent()).as("all but the chunk that was cut").isBetween(sent - 5 * MIB, sent);
        assertThat(watcher.transferred).isEqualTo(outcome.bytesSent());
    }
}
