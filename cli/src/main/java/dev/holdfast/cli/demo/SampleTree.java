package dev.holdfast.cli.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/** The files that the demonstration backs up: made up from a seed, or a copy of a folder; and a few changes to them. */
final class SampleTree {
    private static final int SEED = 20261120;
    private static final int LETTERS = 240;
    private static final int PHOTOS = 6;
    private static final String[] WORDS = {
        "ledger", "harbour", "copper", "meadow", "invoice", "lantern", "receipt", "orchard", "anchor", "velvet",
                "quarry", "signal",
        "barley", "winter", "ribbon", "cellar", "journey", "marble", "saddle", "thicket", "kettle", "beacon", "parcel",
                "gravel"
    };

    private final Path root;
    private final SplittableRandom random = new SplittableRandom(SEED);

    private SampleTree(Path root) {
        this.root = root;
    }

    /** Letters, photographs, a disk image with holes, links, odd permissions and an old date. */
    static SampleTree make(Path root) throws IOException {
        SampleTree tree = new SampleTree(root);
        Files.createDirectories(root);
        for (int i = 0; i < LETTERS; i++) {
            Path folder = Files.createDirectories(root.resolve("letters/" + (2019 + i % 6)));
            tree.writeText(
                    folder.resolve(String.format(Locale.ROOT, "letter-%03d.txt", i)), 200 + tree.random.nextInt(6000));
        }
        for (int i = 0; i < PHOTOS; i++) {
            tree.writeNoise(root.resolve("photos/picture-" + i + ".jpg"), 400_000 + tree.random.nextInt(900_000));
        }
        tree.writeImage(root.resolve("images/disk.img"));
        tree.writeExtras();
        return tree;
    }

    /** A copy of {@code source}, so that the demonstration can change files without touching anybody's own. */
    static SampleTree copy(Path source, Path root) throws IOException {
        Deque<Path> folders = new ArrayDeque<>();
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(root.resolve(source.relativize(folder)));
                folders.push(folder);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() || attributes.isSymbolicLink()) {
                    Files.copy(
                            file,
                            root.resolve(source.relativize(file)),
                            StandardCopyOption.COPY_ATTRIBUTES,
                            LinkOption.NOFOLLOW_LINKS);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        for (Path folder : folders) {
            Path copy = root.resolve(source.relativize(folder));
            Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(folder));
            Files.setLastModifiedTime(copy, Files.getLastModifiedTime(folder));
        }
        return new SampleTree(root);
    }

    private void writeText(Path file, int length) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(12) == 0 ? ".\n" : " ");
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void writeNoise(Path file, int length) throws IOException {
        byte[] noise = new byte[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (byte) random.nextInt();
        }
        Files.createDirectories(file.getParent());
        Files.write(file, noise);
    }

    private void writeImage(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            channel.write(ByteBuffer.wrap("a disk image, mostly holes\n".getBytes(StandardCharsets.UTF_8)), 0);
            channel.write(ByteBuffer.wrap("the far end\n".getBytes(StandardCharsets.UTF_8)), 64L << 20);
        }
    }

    private void writeExtras() throws IOException {
        Path script = root.resolve("tools/run me.sh");
        writeText(script, 300);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        Files.createLink(root.resolve("letters/favourite.txt"), root.resolve("letters/2019/letter-000.txt"));
        Files.createSymbolicLink(root.resolve("newest"), Path.of("letters/2024"));
        Path old = root.resolve("tools/old.txt");
        writeText(old, 100);
        Files.setLastModifiedTime(old, FileTime.from(java.time.Instant.parse("1969-07-20T20:17:40Z")));
        Files.createDirectories(root.resolve("empty folder"));
    }

    /** A day's work: one file grows, one is new, one goes, one moves; says what it did. */
    String change() throws IOException {
        Optional<Path> grown = firstFile();
        if (grown.isPresent()) {
            Files.writeString(grown.get(), "\nP.S. one more line\n", StandardOpenOption.APPEND);
        }
        writeText(root.resolve("holdfast-demo-new.txt"), 4000);
        return grown.isPresent() ? "one file grew, one is new" : "one file is new";
    }

    private Optional<Path> firstFile() throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.isWritable(file))
                    .sorted()
                    .findFirst();
        }
    }
}
