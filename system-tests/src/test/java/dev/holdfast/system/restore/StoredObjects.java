package dev.holdfast.system.restore;

import dev.holdfast.core.object.ObjectId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Finds stored objects in the packs of a repository, to damage them. */
final class StoredObjects {
    private static final byte[] MAGIC = "HFOB".getBytes(StandardCharsets.US_ASCII);
    private static final int ID_OFFSET = 16;
    private static final int IN_THE_PAYLOAD = 96;

    private StoredObjects() {}

    /** Flips a bit in an object; again, and it is whole as before. */
    static void flip(Path repository, ObjectId id) throws IOException {
        for (Path file : filesOf(repository)) {
            byte[] bytes = Files.readAllBytes(file);
            for (int at = 0; at + IN_THE_PAYLOAD < bytes.length; at++) {
                if (isObject(bytes, at, id.toBytes())) {
                    flip(file, at + IN_THE_PAYLOAD, bytes[at + IN_THE_PAYLOAD]);
                    return;
                }
            }
        }
        throw new AssertionError("no object " + id.brief());
    }

    private static List<Path> filesOf(Path repository) throws IOException {
        try (Stream<Path> files = Files.walk(repository)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static boolean isObject(byte[] bytes, int at, byte[] id) {
        return Arrays.equals(bytes, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)
                && Arrays.equals(bytes, at + ID_OFFSET, at + ID_OFFSET + id.length, id, 0, id.length);
    }

    private static void flip(Path file, int at, byte value) throws IOException {
        try (RandomAccessFile pack = new RandomAccessFile(file.toFile(), "rw")) {
            pack.seek(at);
            pack.write(value ^ 4);
        }
    }
}
