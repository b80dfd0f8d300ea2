package dev.holdfast.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees deeper than the system allows paths to be long or files to be open. */
final class DeepTreesTest {
    private static final byte[] LEVEL = "level-with-a-long-name".getBytes(StandardCharsets.UTF_8);
    private static final byte[] FILE = "file".getBytes(StandardCharsets.UTF_8);
    private static final int LIMIT = 8;

    @TempDir
    Path folder;

    private Shell shell;
    private Directory root;

    @BeforeEach
    void open() throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "native access (needs Linux)");
        shell = new Shell(folder);
        root = new NativeFileSystem(Kernel.load(), LIMIT).openRoot(folder);
    }

    @AfterEach
    void close() throws Exception {
        root.close();
        shell.run("rm -rf ./*");
    }

    @Test
    void twoThousandLevelsAreWalkedInAndOutWithFewDescriptors() throws Exception {
        int depth = 2000;
        deepTree(depth);
        long before = openDescriptors();
        Deque<Directory> open = new ArrayDeque<>();
        open.push(root);
        for (int i = 0; i < depth; i++) {
            open.push(open.element().openDirectory(LEVEL));
        }
        assertThat(openDescriptors() - before).isLessThanOrEqualTo(LIMIT);
        for (int i = depth; i > 0; i--) {
            Directory level = open.pop();
            assertThat(level.status(FILE).size()).isEqualTo(Integer.toString(i).length() + 1L);
            assertThat(level.scan().size()).isEqualTo(i == depth ? 1 : 2);
            level.close();
        }
        assertThat(openDescriptors() - before).isZero();
    }

    @Test
    void twoThousandLevelsAreRemoved() throws Exception {
        deepTree(2000);
        long before = openDescriptors();
        root.removeTree(LEVEL);
        assertThat(root.scan().size()).isZero();
        assertThat(openDescriptors() - before).isZero();
    }

    @Test
    void aDirectoryOutlivesTheClosingOfItsParents() throws Exception {
        deepTree(100);
        long before = openDescriptors();
        Directory at = root;
        for (int i = 0; i < 50; i++) {
            Directory next = at.openDirectory(LEVEL);
            if (at != root) {
                at.close();
            }
            at = next;
        }
        Directory branch = at;
        try (Directory below = branch.openDirectory(LEVEL)) {
            for (int i = 0; i < LIMIT + 2; i++) {
                root.openDirectory(LEVEL).openDirectory(LEVEL).close();
            }
            assertThat(below.status(FILE).size()).isEqualTo(3);
            assertThat(branch.status(FILE).size()).isEqualTo(3);
        }
        branch.close();
        assertThat(openDescriptors() - before).isLessThanOrEqualTo(LIMIT);
    }

    @Test
    void aDirectoryThatWasReplacedWhileItsDescriptorWasAwayIsRefused() throws Exception {
        deepTree(1);
        try (Directory level = root.openDirectory(LEVEL)) {
            shell.run(
                    "mv level-with-a-long-name moved; mkdir -p level-with-a-long-name; touch level-with-a-long-name/file");
            assertThat(level.status(FILE).size())
                    .as("by its descriptor, whatever its name")
                    .isEqualTo(2);
            for (int i = 0; i < LIMIT + 2; i++) {
                shell.run("mkdir -p other-" + i);
                root.openDirectory(("other-" + i).getBytes(StandardCharsets.UTF_8));
            }
            FileAccessException refusal = ReadingContract.refused(() -> level.status(FILE));
            assertThat(refusal.notFound()).isTrue();
            assertThat(refusal).hasMessageContaining("another directory stands in its place");
        }
    }

    private void deepTree(int depth) throws Exception {
        shell.run(
                "perl -e 'for my $i (1.." + depth + ") { mkdir \"level-with-a-long-name\" or die $!;"
                        + " chdir \"level-with-a-long-name\" or die $!; open(F, \">file\") or die; print F \"$i\\n\"; close F }'");
    }

    /** Those of this test only (the machine below has files of its own); a path too long to be told is one of them. */
    /** The least of some looks: a descriptor that another thread closes under the eyes of {@code ls} looks like one with a long name. */
    private long openDescriptors() throws Exception {
        long least = Long.MAX_VALUE;
        for (int look = 0; look < 5; look++) {
            least = Math.min(least, descriptorsAtOneLook());
        }
        return least;
    }

    private long descriptorsAtOneLook() throws Exception {
        return new Shell(Path.of("/"))
                .run("ls -l /proc/" + ProcessHandle.current().pid() + "/fd 2>/dev/null || true")
                .lines()
                .filter(line -> line.startsWith("l"))
                .filter(line -> !line.contains(" -> ") || line.contains(" -> " + folder))
                .count();
    }
}
