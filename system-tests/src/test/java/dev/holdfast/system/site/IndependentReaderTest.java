package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reader in Python on what a real server leaves when it is killed in the middle of its work: all that was acknowledged comes
 * back from the data folder and the text of the recovery key alone.
 */
@Timeout(600)
final class IndependentReaderTest {
    private static final Path READER = Path.of("reader", "holdfast_reader.py").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void whatAKilledServerHadAcknowledgedIsReadWithoutUs() throws Exception {
        Trees.assumeHas("the independent reader", "python3", "zstd");
        List<String> names = new ArrayList<>();
        Path first = folder.resolve("as-it-was-first");
        Path last = folder.resolve("as-it-was-last");
        try (RealSite site = RealSite.open(folder)) {
            Trees.shell(site.documents(), FidelityTest.FOR_EVERYBODY);
            Trees.fill(site.documents().resolve("films"), 12, 6, 70);
            names.add(backUp(site, "alice", "documents"));
            Trees.shell(folder, "cp -a '" + site.documents() + "' '" + first + "'");
            Trees.fill(site.papers(), 3, 2, 71);
            Trees.shell(site.papers(), "ln file0 again; echo kept > small; setfattr -n user.of -v bob small");
            names.add(backUp(site, "bob", "papers"));
            Trees.shell(site.documents(), "rm films/file3; echo other > a/hello; mv a/large moved");
            Trees.fill(site.documents().resolve("new"), 2, 2, 72);
            names.add(backUp(site, "alice", "documents"));
            Trees.shell(folder, "cp -a '" + site.documents() + "' '" + last + "'");
            killInTheMiddleOfABackup(site);

            assertThat(packs(site)).as("packs by the ends of their names").containsKeys("pack", "open");
            assertThat(packs(site).values().stream().mapToInt(Integer::intValue).sum())
                    .isGreaterThanOrEqualTo(3);
            List<String> listed = read(site).well().out().lines().toList();
            assertThat(listed).hasSize(3);
            for (int i = 0; i < 3; i++) {
                assertThat(listed.get(i)).startsWith(names.get(i).substring(0, 8));
            }
            Trees.assertSame(first, restored(site, names.get(0)));
            Trees.assertSame(site.papers(), restored(site, names.get(1)));
            Trees.assertSame(last, restored(site, names.get(2)));
        }
    }

    private static String backUp(RealSite site, String host, String volume) throws Exception {
        return site.backUp(host, volume).well().summary().text("snapshot_id");
    }

    /** What came in by then lies in an open pack, and no snapshot knows it. */
    private static void killInTheMiddleOfABackup(RealSite site) throws Exception {
        Trees.fill(site.documents().resolve("films/never"), 3, 6, 73);
        site.line().toServer().holdAfter(10 << 20);
        Running backup = site.startBackup("alice", "documents");
        site.line().toServer().awaitHold();
        site.killServer();
        backup.kill();
        site.line().toServer().release();
    }

    private static Map<String, Integer> packs(RealSite site) throws Exception {
        try (Stream<Path> files = Files.walk(site.serverData().resolve("realms/default/packs"))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.toString().replaceAll(".*\\.", ""))
                    .collect(Collectors.toMap(end -> end, end -> 1, Integer::sum));
        }
    }

    private Path restored(RealSite site, String snapshot) throws Exception {
        Path target = folder.resolve("read-" + snapshot.substring(0, 8));
        read(site, snapshot, target.toString()).well();
        return target;
    }

    static Said read(RealSite site, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "/usr/bin/python3",
                "-B",
                READER.toString(),
                site.serverData().toString(),
                "--recovery-key",
                site.recoveryKey().toString()));
        words.addAll(List.of(more));
        return Running.start(site.folder(), Map.of("PATH", "/usr/bin:/bin"), words)
                .await();
    }
}
