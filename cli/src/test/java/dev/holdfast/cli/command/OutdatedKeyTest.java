package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.server.daemon.BackupServer;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.local.LocalAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host whose key is older than that of the server's volumes learns it before the server makes a snapshot for it. */
@Timeout(120)
final class OutdatedKeyTest {
    @TempDir
    Path folder;

    private final AtomicInteger asked = new AtomicInteger();

    private final class CountingAgent implements LocalAgent {
        @Override
        public String find(String volume) {
            return "/srv/" + volume;
        }

        @Override
        public SnapshotRecord backUp(
                String volume, Supplier<ByteLink> connect, Progress progress, BooleanSupplier cancelled) {
            asked.incrementAndGet();
            return LocalAgent.NONE.backUp(volume, connect, progress, cancelled);
        }
    }

    @Test
    void aRestoreAsksForTheKeyBeforeTheServerMakesASnapshot() throws IOException {
        SetupSite site = new SetupSite(folder);
        site.configure("backup: [photos], restore: [attic/dumps]");
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(file, Files.readString(file) + "  - {name: dumps, path: photos, local: true}\n");
        site.setUp();
        site.run("keygen", "--rotate", "alice");
        site.run("keygen", "--rotate", "attic");
        site.run("configure", "attic", "--no-identity");
        Files.copy(
                folder.resolve("keys/machines/attic/ssh.pub"),
                site.state("bob/keys/machines/attic/ssh.pub"),
                StandardCopyOption.REPLACE_EXISTING);
        ServerSetup setup = new ServerSetup(
                "attic",
                file,
                folder.resolve("keys"),
                site.state("attic/keys"),
                folder.resolve("store"),
                site.state("attic"),
                InstantSource.system(),
                new SecureRandom(),
                "holdfast test",
                Map.of(),
                new CountingAgent());

        try (BackupServer server = BackupServer.start(setup)) {
            assertThat(server.port()).isPositive();
            ProgramRun run = site.run("--as", "bob", "restore", "dumps", "--to", "target", "--yes");

            assertThat(run.err()).contains("the key of realm 'local-attic' was renewed", "`holdfast configure bob`");
            assertThat(run.exitCode()).isEqualTo(12);
            assertThat(asked).as("snapshots that were begun").hasValue(0);
        }
    }
}
