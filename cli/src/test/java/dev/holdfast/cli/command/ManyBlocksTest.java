package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.browse.Change;
import dev.holdfast.agent.browse.EntryCursor;
import dev.holdfast.agent.browse.FolderListing;
import dev.holdfast.agent.browse.TreeDiff;
import dev.holdfast.agent.browse.Usage;
import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.keys.realm.RealmKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of many tree blocks: what is not looked at is not fetched. */
final class ManyBlocksTest {
    private static final int FILES = 6000;

    @TempDir
    static Path folder;

    private static TwoHosts site;
    private static Machine machine;
    private static RealmKey realm;

    @BeforeAll
    static void backUpTwice() throws IOException {
        site = new TwoHosts(folder);
        Path many = Files.createDirectories(site.volume("alice", "photos").resolve("many"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(many.resolve(name(i)), "content of " + i);
        }
        site.write("alice", "photos", "alpha.txt", "first");
        site.write("alice", "photos", "zebra.txt", "last");
        site.backUp("alice", "photos");
        Files.writeString(many.resolve(name(3000)), "other content");
        Files.delete(many.resolve(name(3001)));
        site.backUp("alice", "photos");
        Configuration configuration =
                ConfigurationReader.read(folder.resolve("holdfast.yaml")).orThrow();
        machine = Machine.open(configuration, Identity.named("alice", configuration), folder.resolve("state"));
        realm = machine.realmKey();
    }

    @AfterAll
    static void stop() {
        realm.close();
        site.close();
    }

    private static String name(int number) {
        return String.format(Locale.ROOT, "file-%05d-of-a-name-that-is-not-short.txt", number);
    }

    /** Both snapshots, open over one fresh connection. */
    private interface Work {
        void with(SnapshotReader first, SnapshotReader second) throws MalformedException;
    }

    /** The bytes that came over the wire for {@code work}, the opening of the snapshots apart. */
    private static long received(Work work) throws MalformedException {
        Connections connections = new Connections(machine, site.clock, "test");
        try (ServerLink link = connections.connect("attic")) {
            List<SnapshotRecord> records =
                    link.records(realm.realm(), "alice", "photos").records();
            try (SnapshotReader first = SnapshotReader.open(link, realm, records.get(0));
                    SnapshotReader second = SnapshotReader.open(link, realm, records.get(1))) {
                assertThat(first.blockCount()).isGreaterThan(4);
                long before = link.bytesReceived();
                work.with(first, second);
                return link.bytesReceived() - before;
            }
        }
    }

    /** What reading a whole snapshot costs, which the others must stay well below. */
    private static long whole() throws MalformedException {
        return received((first, second) -> {
            int count = 0;
            EntryPath last = EntryPath.ROOT;
            for (EntryCursor cursor = EntryCursor.start(first, id -> false, ManyBlocksTest::whole);
                    !cursor.atEnd();
                    cursor.advance()) {
                assertThat(count == 0 || cursor.path().compareTo(last) > 0).isTrue();
                last = cursor.entry().path();
                count++;
            }
            assertThat(count).isEqualTo(FILES + 4);
        });
    }

    @Test
    void listingTheRootPassesByTheBlocksInsideAFolder() throws MalformedException {
        long bytes = received((first, second) -> {
            List<String> shown = new ArrayList<>();
            FolderListing.show(
                    first,
                    EntryPath.ROOT,
                    false,
                    entry -> shown.add(entry.path().toString()),
                    ManyBlocksTest::whole);
            assertThat(shown).containsExactly("alpha.txt", "many", "zebra.txt");
        });

        assertThat(bytes).isPositive().isLessThan(whole() * 3 / 4);
    }

    @Test
    void listingAFolderOverSeveralBlocksLeavesNothingOut() throws MalformedException {
        received((first, second) -> {
            List<String> shown = new ArrayList<>();
            FolderListing.show(
                    second,
                    EntryPath.ofText("many"),
                    true,
                    entry -> shown.add(entry.path().toString()),
                    ManyBlocksTest::whole);
            assertThat(shown).hasSize(FILES - 1).contains("many/" + name(0), "many/" + name(FILES - 1));
        });
    }

    @Test
    void comparingSnapshotsFetchesOnlyTheBlocksThatDiffer() throws MalformedException {
        List<String> shown = new ArrayList<>();
        long bytes = received((first, second) -> {
            TreeDiff diff = TreeDiff.between(first, second, ManyBlocksTest::whole, () -> false);
            assertThat(diff.run(change -> shown.add(mark(change)))).isTrue();
        });

        assertThat(shown).containsExactly("M many/" + name(3000), "- many/" + name(3001));
        assertThat(bytes).isPositive().isLessThanOrEqualTo(received(ManyBlocksTest::readWhatIsNotShared));
        assertThat(bytes).isLessThan(received(ManyBlocksTest::readBoth) * 3 / 4);
    }

    private static void readWhatIsNotShared(SnapshotReader first, SnapshotReader second) {
        Set<ObjectId> old = ids(first);
        Set<ObjectId> now = ids(second);
        assertThat(now).isNotEqualTo(old).anyMatch(old::contains);
        read(first, now);
        read(second, old);
    }

    private static void readBoth(SnapshotReader first, SnapshotReader second) {
        read(first, Set.of());
        read(second, Set.of());
    }

    private static void read(SnapshotReader reader, Set<ObjectId> except) {
        for (int number = 0; number < reader.blockCount(); number++) {
            if (!except.contains(reader.blockId(number))) {
                assertThat(reader.blocks(number, 1)).hasSize(1);
            }
        }
    }

    private static Set<ObjectId> ids(SnapshotReader reader) {
        return IntStream.range(0, reader.blockCount()).mapToObj(reader::blockId).collect(Collectors.toSet());
    }

    private static void whole(Gap gap) {
        throw new AssertionError(gap);
    }

    private static String mark(Change change) {
        return change.kind().mark() + " " + change.path();
    }

    @Test
    void whatTwoSnapshotsShareIsReadAndCountedOnce() throws MalformedException {
        received((first, second) -> {
            Usage usage = new Usage();
            Usage.Added of1 = usage.add(first);
            Usage.Added of2 = usage.add(second);
            assertThat(of1.bytes()).isGreaterThan(10 * of2.bytes());
            assertThat(of2.bytes()).isPositive();
            assertThat(usage.add(first).bytes()).isZero();
        });
    }
}
