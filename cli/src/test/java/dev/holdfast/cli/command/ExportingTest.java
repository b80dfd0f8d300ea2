package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.marker.Marker;
import dev.holdfast.agent.marker.UnfinishedRestore;
import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Export and import through the program; archives are read by a library that had no part in making them. */
final class ExportingTest {
    @TempDir
    Path folder;

    private TwoHosts site;
    private String first;

    @BeforeEach
    void backUp() throws IOException {
        site = new TwoHosts(folder);
        for (int i = 0; i < 300; i++) {
            site.write("alice", "photos", "many/file" + i, "content of file " + i);
        }
        site.write("alice", "photos", "readme.txt", "first");
        Files.write(site.volume("alice", "photos").resolve("large"), new byte[3 << 20]);
        Files.createLink(
                site.volume("alice", "photos").resolve("large again"),
                site.volume("alice", "photos").resolve("large"));
        first = site.backUp("alice", "photos");
        site.write("alice", "photos", "readme.txt", "second edition");
        site.backUp("alice", "photos");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void noCopyIsExportedUnaskedThatMayBeOlderThanOneOnAServerThatDoesNotAnswer() throws IOException {
        site.addSilentServer("alice");
        Path archives = Files.createDirectory(folder.resolve("archives"));
        String[] export = {"export", "photos", "--to-dir", archives.toString()};

        for (String way : List.of("--quiet", "--json", "--dry-run")) {
            ProgramRun run = site.on("alice").run(and(export, way));
            assertThat(run.exitCode()).as(run.err()).isEqualTo(13);
            assertThat(run.err())
                    .contains(
                            "server 'annex' could not be asked for volume 'photos' and may have newer backups",
                            "say `--server attic`");
        }
        ProgramRun no = site.on("alice").answering("n").run(export);
        assertThat(no.exitCode()).isEqualTo(130);
        assertThat(no.err()).contains("nothing was exported");
        ProgramRun dry = site.on("alice").answering().run(and(export, "--dry-run"));
        assertThat(dry.exitCode()).as(dry.err()).isZero();
        assertThat(dry.out()).contains("without --dry-run this is asked first: Export from server 'attic'?");
        assertThat(archives).isEmptyDirectory();

        ProgramRun chosen =
                site.on("alice").run(and(export, "--json", "--progress=none", "--snapshot", first.substring(0, 8)));
        assertThat(chosen.exitCode()).as(chosen.err()).isZero();
        assertThat(chosen.err())
                .contains("\"message_type\":\"remark\",\"message\":\"warning: not every server could be asked");
        ProgramRun yes = site.on("alice").answering("y").run(export);
        assertThat(yes.exitCode()).as(yes.err()).isZero();
        assertThat(archives).isNotEmptyDirectory();
    }

    private static String[] and(String[] words, String... more) {
        return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
    }

    private Path out() throws IOException {
        return Files.createDirectories(folder.resolve("out"));
    }

    private ProgramRun export(String host, String... more) throws IOException {
        String[] words = Stream.concat(
                        Stream.of("export", "photos", "--to-dir", out().toString(), "--progress=none"), Stream.of(more))
                .toArray(String[]::new);
        return site.on(host).run(words);
    }

    private static ProgramRun well(ProgramRun run) {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    private static Map<String, String> contents(Path archive) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (InputStream in = Files.newInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                boolean text = entry.isFile() && !entry.isLink() && entry.getSize() < 1000;
                contents.put(
                        entry.getName(),
                        text ? new String(tar.readAllBytes(), StandardCharsets.UTF_8) : entry.getLinkName());
            }
        }
        return contents;
    }

    @Test
    void aSnapshotBecomesATarFileThatIsNamedAfterIt() throws IOException {
        ProgramRun run = well(export("bob", "--source", "alice", "--json"));

        String received = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(site.clock.instant().minusSeconds(24 * 3600));
        Path archive = out().resolve("alice-photos-" + received + ".tar");
        assertThat(run.out())
                .contains("\"archive\":\"" + archive + "\"")
                .contains("\"files\":302")
                .contains("\"links\":1")
                .contains("\"missing_count\":0");
        assertThat(contents(archive))
                .hasSize(305)
                .containsEntry("./readme.txt", "second edition")
                .containsEntry("./many/file299", "content of file 299")
                .containsEntry("./large again", "./large");
        try (Stream<Path> files = Files.list(out())) {
            assertThat(files).containsExactly(archive);
        }
    }

    @Test
    void anEarlierSnapshotIsChosenAndCompressed() throws IOException {
        well(export("alice", "--snapshot", first.substring(0, 8), "--compress", "zst", "--quiet"));
        well(export("alice", "--snapshot", first.substring(0, 8), "--compress", "XZ"));
        well(export("alice", "--snapshot", first.substring(0, 8), "--compress", "gz"));

        try (Stream<Path> files = Files.list(out())) {
            for (Path archive : files.toList()) {
                Path target = folder.resolve("to-" + archive.getFileName());
                well(site.on("alice").run("import", archive.toString(), "any", "--to", target.toString()));
                assertThat(target.resolve("readme.txt")).hasContent("first");
                assertThat(target.resolve("many/file7")).hasContent("content of file 7");
                assertThat(Files.isSameFile(target.resolve("large"), target.resolve("large again")))
                        .isTrue();
                assertThat(Files.size(archive)).isLessThan(100_000);
            }
        }
    }

    @Test
    void aFileThatIsThereIsNeverReplaced() throws IOException {
        well(export("alice"));
        Path archive;
        try (Stream<Path> files = Files.list(out())) {
            archive = files.findFirst().orElseThrow();
        }
        Files.writeString(archive, "precious");

        ProgramRun again = export("alice");

        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("there is a file " + archive + " already  [HF-FAILED]");
        assertThat(archive).hasContent("precious");
        assertThat(export("alice", "--dry-run").exitCode()).isEqualTo(1);
    }

    @Test
    void aDryRunSaysWhatWouldHappenAndWritesNothing() throws IOException {
        ProgramRun run = well(export("alice", "--dry-run"));

        assertThat(run.out()).contains("would export snapshot ", " of alice/photos", "dry run: nothing was written");
        assertThat(out()).isEmptyDirectory();
    }

    @Test
    void whatIsNotGrantedIsNotExported() throws IOException {
        ProgramRun run = site.on("bob").run("export", "mail", "--source", "alice", "--to-dir", out().toString());

        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(out()).isEmptyDirectory();
    }

    @Test
    void aDamagedSnapshotLeavesNoArchive() throws IOException {
        byte[] noise = new byte[2 << 20];
        RandomGeneratorFactory.of("L64X128MixRandom").create(7).nextBytes(noise);
        Files.write(site.volume("alice", "photos").resolve("noise"), noise);
        site.backUp("alice", "photos");
        site.restart(data -> {
            try (Stream<Path> files = Files.walk(data)) {
                for (Path pack : files.filter(ExportingTest::isLarge).toList()) {
                    byte[] bytes = Files.readAllBytes(pack);
                    for (int at = 1_000_000; at < bytes.length; at += 16) {
                        bytes[at] ^= 1;
                    }
                    Files.write(pack, bytes);
                }
            }
        });

        ProgramRun run = export("alice");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(14);
        assertThat(out()).isEmptyDirectory();
    }

    private static boolean isLarge(Path file) {
        return Files.isRegularFile(file) && file.toFile().length() > 1_000_000;
    }

    @Test
    void aLocalVolumeNeedsNeitherServerNorKeys() throws IOException {
        ProgramRun run = well(new ProgramRun(folder)
                .with("HOLDFAST_AS", "alice")
                .with("HOLDFAST_STATE", folder.resolve("no-state").toString())
                .run("export", "photos", "--source", "local", "--to-dir", out().toString(), "--json"));

        Path archive = out().resolve("local-photos-20261120-120000.tar");
        assertThat(run.out()).contains("\"archive\":\"" + archive + "\"");
        assertThat(contents(archive)).hasSize(305).containsEntry("./readme.txt", "second edition");

        ProgramRun mixed = export("alice", "--source", "local", "--at", "now");
        assertThat(mixed.exitCode()).isEqualTo(2);
    }

    @Test
    void aLocalVolumeWithAnUnfinishedRestoreIsRefusedWhoeverThisMachineIs() throws IOException {
        Path photos = site.volume("alice", "photos");
        breakOff(photos, true);
        ProgramRun program = new ProgramRun(folder)
                .with("HOLDFAST_STATE", folder.resolve("state").toString());

        String[][] lines = {
            {"--as", "alice", "export", "photos", "--source", "local"},
            {"export", photos.toString(), "--source", "local"},
            {"export", photos.resolve("many").toString(), "--source", "local", "--dry-run"}
        };
        for (String[] line : lines) {
            ProgramRun run = program.run(line);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(11);
            assertThat(run.err())
                    .contains(
                            " cannot be read as it is: the restore of snapshot ",
                            " into " + photos + " is not finished  [HF-BUSY]",
                            "Give the same `holdfast restore` again");
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".tar"));
        }

        Files.delete(UnfinishedRestore.into(site.state("bob").folder(), photos)
                .orElseThrow()
                .marker());
        breakOff(photos, false);
        ProgramRun some = well(program.run("export", photos.toString(), "--source", "local"));
        assertThat(some.err()).contains("warning: the restore of snapshot ", "; the volume is read as it is");
    }

    private void breakOff(Path target, boolean whole) {
        SnapshotSummary summary = new SnapshotSummary(
                "alice",
                "photos",
                ObjectId.copyOf(new byte[32], 0),
                SnapshotSummary.Outcome.COMPLETE,
                false,
                new UUID(0, 1),
                Instant.EPOCH,
                1,
                1,
                1);
        SnapshotRecord record = new SnapshotRecord(1, RecordHash.NONE, Instant.EPOCH, false, new UUID(1, 2), summary);
        Marker.open(site.state("bob").folder(), target, new Marker.Purpose(record, whole, "", ""))
                .close();
    }

    @Test
    void withoutAnyConfigurationAVolumeIsAFolder() throws IOException {
        Path place = Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(Files.createDirectories(place.resolve("data")).resolve("file"), "x");

        well(new ProgramRun(place).run("export", "data", "--source", "local"));
        well(new ProgramRun(place).run("import", "local-data-20261120-120000.tar", "copy"));
        assertThat(place.resolve("copy/file")).hasContent("x");

        ProgramRun into = well(new ProgramRun(place).run("export", ".", "--source", "local", "--quiet"));
        assertThat(into.out().strip())
                .isEqualTo(place.resolve("local-elsewhere-20261120-120000.tar").toString());
        assertThat(contents(place.resolve("local-elsewhere-20261120-120000.tar")))
                .as("without itself")
                .containsOnlyKeys(
                        "./", "./copy/", "./copy/file", "./data/", "./data/file", "./local-data-20261120-120000.tar");
        assertThat(new ProgramRun(place)
                        .run("export", "none", "--source", "local")
                        .exitCode())
                .isEqualTo(10);
    }

    @Test
    void anImportMakesAVolumeWhereTheConfigurationSaysAndOnlyOnce() throws IOException {
        well(export("alice"));
        String archive;
        try (Stream<Path> files = Files.list(out())) {
            archive = files.findFirst().orElseThrow().toString();
        }
        ProgramRun dry = well(site.on("bob").run("import", archive, "papers", "--dry-run"));
        assertThat(dry.out()).contains("dry run: the archive is whole");
        assertThat(site.volume("bob", "papers")).doesNotExist();

        ProgramRun run = well(site.on("bob").run("import", archive, "papers", "--json"));
        assertThat(run.out()).contains("\"files\":302", "\"links\":1");
        assertThat(site.volume("bob", "papers").resolve("readme.txt")).hasContent("second edition");

        Files.writeString(site.volume("bob", "papers").resolve("readme.txt"), "mine");
        ProgramRun again = site.on("bob").run("import", archive, "papers");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("is there already and not empty  [HF-FAILED]");
        assertThat(site.volume("bob", "papers").resolve("readme.txt")).hasContent("mine");

        assertThat(site.on("bob").run("import", "no-such.tar", "mail").exitCode())
                .isEqualTo(10);
    }
}
