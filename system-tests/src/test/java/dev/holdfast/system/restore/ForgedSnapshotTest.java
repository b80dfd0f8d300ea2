package dev.holdfast.system.restore;

import static dev.holdfast.system.restore.ForgedEntry.device;
import static dev.holdfast.system.restore.ForgedEntry.emptyFile;
import static dev.holdfast.system.restore.ForgedEntry.file;
import static dev.holdfast.system.restore.ForgedEntry.folder;
import static dev.holdfast.system.restore.ForgedEntry.hole;
import static dev.holdfast.system.restore.ForgedEntry.link;
import static dev.holdfast.system.restore.ForgedEntry.root;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.restore.RestoreOutcome;
import dev.holdfast.agent.restore.RestoreRequest;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.ObjectKind;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.EntryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots made by somebody who holds the realm's key and means harm. Nothing outside the target may come to any. */
class ForgedSnapshotTest {
    private static final byte[] EVIL = ForgedEntry.bytes("evil");

    @TempDir
    Path temp;

    private Bench bench;
    private Forger forger;
    private String outside;

    @BeforeEach
    void open() throws Exception {
        bench = new Bench(temp);
        forger = new Forger(bench.hosts);
        Trees.shell(
                bench.outside, "mkdir d; echo mine > victim; echo deep > d/victim; chmod 0640 victim; chmod 0711 d");
        outside = lookOutside();
    }

    @AfterEach
    void close() throws Exception {
        forger.close();
        bench.close();
    }

    /** Everything beside the target, down to the nanosecond. */
    private String lookOutside() throws Exception {
        return Trees.shell(
                temp,
                "ls -A | grep -v '^target$'; find outside source -printf '%p %y %m %U %G %s %T@ %C@ %n %l\\n' | sort;"
                        + " cat outside/victim outside/d/victim");
    }

    private RestoreOutcome restored() throws Exception {
        return restored(forger.commit());
    }

    /** Restores as it is usually done: without special things, extras deleted. */
    private RestoreOutcome restored(SnapshotRecord snapshot) throws Exception {
        try {
            return bench.hosts.restore(
                    "bob", RestoreRequest.whole(snapshot, bench.target, 2).deletingExtras());
        } finally {
            assertThat(lookOutside()).isEqualTo(outside);
        }
    }

    private String inTarget() throws Exception {
        return Trees.shell(bench.target, "find . -mindepth 1 -printf '%P\\n' | sort | tr '\\n' ' '");
    }

    @Test
    void namesThatLeadElsewhereAreDamage() throws Exception {
        for (String name : List.of(
                "..",
                ".",
                "../outside/victim",
                "a/../../outside/victim",
                "/etc/holdfast-was-here",
                "a//b",
                "a/",
                "a/.",
                "a\0b",
                "x".repeat(66_000))) {
            try (Forger other = new Forger(bench.hosts)) {
                other.block(root());
                other.block(emptyFile("a"), emptyFile(name));
                RestoreOutcome outcome = restored(other.commit());
                assertThat(outcome.shortcoming()).as(name).hasValue(ProblemCode.DAMAGE);
                assertThat(outcome.gaps()).hasSize(1);
                assertThat(inTarget()).isEmpty();
            }
        }
    }

    @Test
    void aTableOfBlocksThatLeadsElsewhereIsDamage() throws Exception {
        forger.block(root());
        forger.block(ForgedEntry.bytes("../outside"), 1, forger.chunk(EVIL));
        assertThatThrownBy(this::restored)
                .isInstanceOfSatisfying(
                        HoldfastException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(ProblemCode.DAMAGE));
    }

    @Test
    void whatIsOutOfOrderOrDoubleIsDamage() throws Exception {
        forger.block(root());
        forger.block(emptyFile("a"), emptyFile("a"));
        forger.block(emptyFile("c"), emptyFile("b"));
        forger.block(folder("d"), emptyFile("z"));
        forger.block(emptyFile("e"));
        forger.block(ForgedEntry.bytes("f"), 1, forger.chunk(EVIL));
        forger.block(
                ForgedEntry.bytes("g"),
                2,
                forger.put(ObjectKind.TREE, List.of(), Forger.plain(new int[0], emptyFile("g"))));
        forger.block(
                ForgedEntry.bytes("h"),
                1,
                forger.put(ObjectKind.TREE, List.of(), Forger.plain(new int[0], emptyFile("a/h"))));
        forger.block(emptyFile("i"));
        RestoreOutcome outcome = restored();
        assertThat(outcome.gaps())
                .extracting(gap -> gap.first().toString())
                .containsExactly("a", "c", "d", "f", "g", "h");
        assertThat(inTarget()).isEqualTo("e i");
    }

    @Test
    void nothingIsPutBelowWhatIsNoFolder() throws Exception {
        forger.block(
                root(),
                emptyFile("file"),
                emptyFile("file/child"),
                link("link", "../outside"),
                folder("link/d"),
                emptyFile("link/d/victim"),
                link("link/victim", "/etc"),
                emptyFile("nowhere/at/all"));
        RestoreOutcome outcome = restored();
        assertThat(outcome.failures())
                .extracting(failure -> failure.path().toString())
                .containsExactly("file/child", "link/d", "link/d/victim", "link/victim", "nowhere/at/all");
        assertThat(inTarget()).isEqualTo("file link");
    }

    @Test
    void aLinkThatStandsInTheTargetIsNoWayOut() throws Exception {
        Trees.shell(bench.target, "ln -s ../outside a; ln -s ../outside/victim b; ln -s ../outside z");
        forger.block(root(), folder("a"), folder("a/d"), emptyFile("a/victim"), hole("b", 7));
        assertThat(restored().shortcoming()).isEmpty();
        assertThat(inTarget()).isEqualTo("a a/d a/victim b");
    }

    @Test
    void furtherNamesGoToWhatWasRestoredAndNowhereElse() throws Exception {
        forger.block(
                root(),
                link("a", "../outside/victim").oneOf(3, 7),
                hole("b", 100).oneOf(3, 7).mode(0777),
                folder("c"),
                emptyFile("c/d/lead").oneOf(3, 8),
                emptyFile("c/later").oneOf(3, 8),
                emptyFile("c/more").oneOf(Integer.MAX_VALUE, 8));
        RestoreOutcome outcome = restored();
        assertThat(outcome.failures())
                .extracting(failure -> failure.path().toString())
                .containsExactly("c/d/lead");
        assertThat(inTarget()).isEqualTo("a b c c/later c/more");
        assertThat(Trees.shell(bench.target, "readlink a b")).isEqualTo("../outside/victim\n../outside/victim");
    }

    @Test
    void sizesAndExtentsThatCannotBeAreDamage() throws Exception {
        ObjectId chunk = forger.chunk(EVIL);
        int[] truth = {EVIL.length};
        List<ForgedEntry> wrong = List.of(
                file("x", 5, 0, 0, 5),
                file("x", 4, 0, 1, 4),
                file("x", 4, 1, 0, 4),
                file("x", 5, 0, 0, 4),
                file("x", 4, 0, 0, -4),
                file("x", 4, 0, -1, 4),
                file("x", -1, 0, 0, 4),
                file("x", -1, new byte[] {0}),
                hole("x", -1),
                file("x", 0, new Encoder(16).varint(1L << 40).toBytes()),
                file(
                        "x",
                        6,
                        new Encoder(64)
                                .varint(2)
                                .varint(0)
                                .varint(Long.MAX_VALUE)
                                .varint(0)
                                .varint(7)
                                .toBytes()));
        for (ForgedEntry entry : wrong) {
            try (Forger other = new Forger(bench.hosts)) {
                ObjectId again = other.chunk(EVIL);
                other.block(root());
                other.block(List.of(again), truth, entry);
                RestoreOutcome outcome = restored(other.commit());
                assertThat(outcome.gaps()).as(entry.toString()).hasSize(1);
                assertThat(inTarget()).isEmpty();
            }
        }
        forger.block(
                List.of(chunk),
                new int[] {1 << 24},
                root(),
                emptyFile("a"),
                hole("huge", Long.MAX_VALUE),
                file("lied", 1 << 24, 0, 0, 1 << 24));
        RestoreOutcome outcome = restored();
        assertThat(outcome.failures())
                .extracting(failure -> failure.path().toString())
                .containsExactlyInAnyOrder("huge", "lied");
        assertThat(inTarget()).isEqualTo("a");
    }

    @Test
    void whatGivesPowerIsNotMadeUnasked() throws Exception {
        forger.block(
                root(),
                device("block", EntryType.BLOCK_DEVICE, 0x700),
                device("char", EntryType.CHARACTER_DEVICE, 0x103),
                emptyFile("group").mode(02755),
                emptyFile("user").mode(04755),
                emptyFile("zcap").with("security.capability", new byte[20]),
                emptyFile("ztrusted").with("trusted.overlay.opaque", new byte[] {'y'}));
        RestoreOutcome outcome = restored();
        assertThat(outcome.leftOut()).hasSize(6);
        assertThat(inTarget()).isEqualTo("group user zcap ztrusted");
        assertThat(Trees.shell(bench.target, "find . -perm /6000; getfattr -d -m - -R ."))
                .isEmpty();
    }

    @Test
    void namesThatNoFileSystemTakesAreFailuresOfTheirOwn() throws Exception {
        forger.block(
                root(),
                emptyFile("a").with("user.\0odd", new byte[] {1}),
                emptyFile("b").with("user.large", new byte[1 << 20]),
                link("c", "x".repeat(60_000)),
                link("d", ""),
                emptyFile("n".repeat(300)),
                emptyFile("ok"));
        RestoreOutcome outcome = restored();
        assertThat(outcome.shortcoming()).hasValue(ProblemCode.PARTIAL);
        assertThat(inTarget()).contains("ok");
    }

    @Test
    void namesLikeOurOwnTemporaryOnesAreNoTrap() throws Exception {
        Trees.shell(bench.target, "echo old > victim");
        String hash = Trees.shell(temp, "printf victim | sha256sum | cut -c1-16");
        String temporary = ".holdfast-restore-" + hash;
        forger.block(root(), link(temporary, "../outside/victim"), hole("victim", 5 << 20), link("z", "victim"));
        restored();
        Trees.shell(
                temp,
                "rm -rf target; mkdir target; ln -s ../outside/victim target/" + temporary + "; touch target/victim");
        restored();
        assertThat(Trees.shell(bench.target, "readlink " + temporary)).isEqualTo("../outside/victim");
    }

    @Test
    void aSmallBlockOfVeryLongPathsTakesLittleMemory() throws Exception {
        List<ForgedEntry> entries = new ArrayList<>();
        String folder = ("y".repeat(200) + "/").repeat(300);
        for (int i = 0; i < 300; i++) {
            entries.add(emptyFile(folder + (100_000 + i)));
        }
        forger.block(root());
        forger.block(entries.toArray(ForgedEntry[]::new));
        assertThat(restored().gaps()).hasSize(1);
    }
}
