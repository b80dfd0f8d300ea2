package dev.holdfast.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reader in Python, which shares no code with us and was written from the document: it must give back what was stored, from
 * the data folder and the recovery key's text alone.
 */
@Timeout(300)
class IndependentReaderTest {
    private static final Path READER = Path.of("reader", "holdfast_reader.py").toAbsolutePath();
    private static final String PYTHON = "/usr/bin/python3";
    private static final String LISTING = """
            import hashlib, os, stat, sys
            top = os.fsencode(sys.argv[1])
            def show(path):
                status = os.lstat(path)
                name = os.path.relpath(path, top)
                kind = stat.S_IFMT(status.st_mode)
                line = [repr(name), oct(status.st_mode & 0o7777 if kind != stat.S_IFLNK else 0), status.st_mtime_ns]
                if os.geteuid() == 0:
                    line += [status.st_uid, status.st_gid]
                if kind == stat.S_IFREG:
                    with open(path, 'rb') as file:
                        line += [status.st_nlink, status.st_size, hashlib.sha256(file.read()).hexdigest()]
                    line += [(x, os.getxattr(path, x)) for x in sorted(os.listxattr(path)) if x.startswith('user.')]
                elif kind == stat.S_IFLNK:
                    line.append(os.readlink(path))
                else:
                    line.append({stat.S_IFDIR: 'folder', stat.S_IFIFO: 'fifo'}[kind])
                print(*line)
                if kind == stat.S_IFDIR:
                    for child in sorted(os.listdir(path)):
                        show(os.path.join(path, child))
            show(top)
            """;

    @TempDir
    Path folder;

    private final SecureRandom random = new SecureRandom();
    private final RecoveryKey recovery = RecoveryKey.generate(random);
    private Path data = Path.of("");
    private Path key = Path.of("");
    private SampleSnapshot sample = new SampleSnapshot();

    private record Run(int exit, String out) {}

    private static Run run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), out);
    }

    private Run read(String... more) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(PYTHON, "-B", READER.toString(), data.toString(), "--recovery-key", key.toString()));
        command.addAll(List.of(more));
        return run(command);
    }

    @BeforeEach
    void makeARepository() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of(PYTHON)), "NOT RUN: the independent reader needs " + PYTHON);
        assumeTrue(
                run(List.of(PYTHON, "-c", "import cryptography")).exit == 0,
                "NOT RUN: the independent reader needs Debian's python3-cryptography");
        assumeTrue(run(List.of("sh", "-c", "zstd --version")).exit == 0, "NOT RUN: the independent reader needs zstd");
        data = folder.resolve("data");
        key = folder.resolve("recovery.txt");
        Files.writeString(key, new String(recovery.print()));
        try (RealmKey realm = RealmKey.generate("home", random);
                Repository repository = Repository.open(data, InstantSource.system(), random)) {
            sample = new SampleSnapshot();
            sample.store(repository, realm, random);
            Keyring.Recipient recipient =
                    new Keyring.Recipient(Keyring.Kind.RECOVERY, Keyring.RECOVERY_NAME, recovery.publicKey());
            String keyring =
                    Keyring.empty(realm).withRecipient(recipient, realm, random).encode();
            Files.writeString(data.resolve("realms/home/keyring"), keyring);
        }
    }

    @Test
    void listsEverySnapshot() throws Exception {
        Run listed = read();
        assertThat(listed.exit).as(listed.out).isZero();
        List<String> lines = listed.out.lines().toList();
        assertThat(lines).hasSize(2);
        for (int i = 0; i < 2; i++) {
            SnapshotRecord record = sample.records().get(i);
            assertThat(lines.get(i)).startsWith(record.id().substring(0, 8)).contains("home alice/orders");
        }
    }

    @Test
    void givesBackEveryKindOfFileByteForByte() throws Exception {
        Path target = folder.resolve("target");
        Run restored = read("latest", target.toString());
        assertThat(restored.exit).as(restored.out).isZero();
        Run listing = run(List.of(PYTHON, "-c", LISTING, target.toString()));
        assertThat(listing.exit).as(listing.out).isZero();
        assertThat(listing.out.lines().toList())
                .isEqualTo(sample.listing(Files.getAttribute(folder, "unix:uid").equals(0)));
        Path sparse = target.resolve("b/sparse");
        Run blocks = run(List.of("stat", "-c", "%b", sparse.toString()));
        assertThat(Long.parseLong(blocks.out.strip()) * 512).isLessThan(Files.size(sparse) / 4);
        assertThat(Files.readAttributes(target.resolve("a/twin"), BasicFileAttributes.class)
                        .fileKey())
                .isEqualTo(Files.readAttributes(target.resolve("a/text"), BasicFileAttributes.class)
                        .fileKey());
    }

    @Test
    void anEarlierSnapshotIsFoundByTheBeginningOfItsName() throws Exception {
        Path target = folder.resolve("earlier");
        Run restored = read(sample.records().get(0).id().substring(0, 12), target.toString());
        assertThat(restored.exit).as(restored.out).isZero();
        assertThat(target.resolve("only")).hasContent("the first snapshot");
    }

    @Test
    void refusesAFlippedByteOfAPack() throws Exception {
        Path pack = onlyPack();
        try (RandomAccessFile file = new RandomAccessFile(pack.toFile(), "rw")) {
            long at = file.length() / 2;
            file.seek(at);
            int was = file.read();
            file.seek(at);
            file.write(was ^ 1);
        }
        Run restored = read("latest", folder.resolve("target").toString());
        assertThat(restored.exit).isNotZero();
        assertThat(restored.out).contains("error:").contains("object");
    }

    @Test
    void readsWhatLiesBehindDamageInAnOpenPackAndInOneSetAside() throws Exception {
        Path pack = onlyPack();
        byte[] bytes = Files.readAllBytes(pack);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int firstChunk = text.indexOf("HFOB", text.indexOf("HFOB") + 1);
        bytes[firstChunk + 12] ^= 1; // its length: where the next object begins is lost, too
        Files.write(pack, bytes);
        assertThat(pack.toString()).endsWith(".open");
        Run open = read("latest", folder.resolve("from-open").toString());
        assertThat(open.exit).as(open.out).isZero();
        Run earlier = read(
                sample.records().get(0).id().substring(0, 12),
                folder.resolve("earlier").toString());
        assertThat(earlier.out).contains("error:");

        String name = pack.getFileName().toString().replace(".open", "." + firstChunk + ".damaged");
        Files.move(pack, pack.resolveSibling(name));
        Run aside = read("latest", folder.resolve("from-damaged").toString());
        assertThat(aside.exit).as(aside.out).isZero();
    }

    private Path onlyPack() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("realms/home/packs"))) {
            return files.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
    }

    @Test
    void refusesAnotherRecoveryKeyAndAMistypedOne() throws Exception {
        String right = Files.readString(key);
        try (RecoveryKey other = RecoveryKey.generate(random)) {
            Files.writeString(key, new String(other.print()));
        }
        assertThat(read().out).contains("another recovery key");
        int at = right.indexOf("3:") + 2;
        Files.writeString(
                key, right.substring(0, at) + (right.charAt(at) == '7' ? '8' : '7') + right.substring(at + 1));
        assertThat(read().out).contains("group 3 of the recovery key is mistyped");
    }
}
