package dev.holdfast.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A container uses a folder by whatever name it has that mounted. */
final class FolderUsersTest {
    @TempDir
    Path folder;

    private StandInEngine engine;
    private Path volumes;
    private Path papers;

    @BeforeEach
    void aVolumeWithAFile() throws IOException {
        engine = new StandInEngine();
        volumes = folder.resolve("volumes");
        papers = Files.createDirectories(volumes.resolve("papers/_data"));
        Files.writeString(Files.createDirectory(papers.resolve("sub")).resolve("file"), "content");
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private List<FolderUse> uses(SharedFolder shared) {
        return new FolderUsers(engine.connect(), shared).find();
    }

    private List<String> users(SharedFolder shared) {
        return uses(shared).stream()
                .filter(use -> !use.wide())
                .map(use -> use.container().name())
                .toList();
    }

    private static SharedFolder plain(Path folder) {
        return new SharedFolder(folder, "", List.of());
    }

    private SharedFolder volume() {
        return SharedFolder.ofVolume("papers", papers);
    }

    @Test
    void theVolumesOwnFolderAPartOfItAndALinkToItAreTheVolume() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), papers);
        engine.using("byName", "papers", papers)
                .binding("byPath", papers, true)
                .binding("part", papers.resolve("sub"), false)
                .binding("byLink", link, true)
                .binding("sibling", volumes.resolve("papers2/_data"), true)
                .using("other", "papers2", volumes.resolve("papers2/_data"));

        assertThat(users(volume())).containsExactly("byName", "byPath", "part", "byLink");
        assertThat(uses(volume())).filteredOn(FolderUse::writable).hasSize(3);
        assertThat(users(plain(link))).containsExactly("byName", "byPath", "part", "byLink");
    }

    @Test
    void aFolderInAVolumeIsUsedByWhoeverUsesTheVolume() {
        engine.using("byName", "papers", papers).binding("byPath", papers, true);

        assertThat(users(plain(papers.resolve("sub")))).containsExactly("byName", "byPath");
    }

    @Test
    void aFolderThatAVolumeBindsIsThatVolume() throws IOException {
        Path device = Files.createDirectories(folder.resolve("srv/shop"));
        Files.writeString(device.resolve("file"), "content");
        Path mountpoint = volumes.resolve("shop/_data");
        engine.volume("shop", mountpoint, device)
                .using("byName", "shop", mountpoint)
                .binding("byPath", device, true);

        assertThat(users(plain(device))).containsExactly("byName", "byPath");
        assertThat(users(SharedFolder.ofVolume("shop", device))).containsExactly("byName", "byPath");
        assertThat(users(SharedFolder.ofVolume("shop", mountpoint)))
                .as("while the engine has it mounted")
                .containsExactly("byName", "byPath");
    }

    @Test
    void whoeverHasManyVolumesMountedAsAWholeUsesNoneOfThem() throws IOException {
        Path root = folder.resolve("root");
        Path photos = Files.createDirectories(root.resolve("photos"));
        Files.writeString(photos.resolve("file"), "content");
        engine.binding("all", Path.of("/"), true)
                .binding("top", folder.getRoot().resolve(folder.getName(0)), true)
                .binding("volumes", volumes, true)
                .binding("one", volumes.resolve("papers"), true)
                .binding("root", root, true);

        assertThat(uses(volume())).hasSize(4).allMatch(FolderUse::wide);
        SharedFolder rooted = new SharedFolder(photos, "", List.of(root));
        assertThat(uses(rooted)).hasSize(3).allMatch(FolderUse::wide);
    }

    @Test
    void whoeverHasTheFolderAboveMountedUsesWhatIsThereButNotWhatIsStillToCome() throws IOException {
        Path app = Files.createDirectories(folder.resolve("srv/app"));
        Path data = app.resolve("data");
        engine.binding("app", app, true);

        assertThat(uses(plain(data))).isEmpty();
        Files.createDirectory(data);
        assertThat(uses(plain(data))).isEmpty();
        Files.writeString(data.resolve("file"), "content");
        assertThat(users(plain(data))).containsExactly("app");
        assertThat(uses(plain(folder.resolve("srv/app2")))).isEmpty();
    }

    @Test
    void aFolderOfAContainerIsCalledAsOutsideOfIt() {
        List<EngineMount> mounts = List.of(
                new EngineMount("", false, Path.of("/srv/all"), Path.of("/data"), true),
                new EngineMount("", false, Path.of("/mnt/disk"), Path.of("/data/disk"), true));

        assertThat(EngineMount.outside(mounts, Path.of("/data/disk/x"))).contains(Path.of("/mnt/disk/x"));
        assertThat(EngineMount.outside(mounts, Path.of("/data"))).contains(Path.of("/srv/all"));
        assertThat(EngineMount.outside(mounts, Path.of("/tmp/x"))).isEmpty();
    }
}
