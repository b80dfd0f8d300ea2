package dev.holdfast.agent.files;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The exact bytes of a {@link Path}. Its text is not enough: a name that is no text in the locale's character set loses bytes
 * there, and cannot be made from text. Its URI, however, carries the bytes percent-encoded, both ways.
 */
final class PathBytes {
    private PathBytes() {}

    /** The bytes of an absolute path; the URI's slash after a directory is left out. */
    static byte[] of(Path absolute) {
        String text = absolute.toString();
        if (isPlain(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        String raw = absolute.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
        int end = raw.length() > 1 && raw.endsWith("/") ? raw.length() - 1 : raw.length();
        for (int i = 0; i < end; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(raw, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    /** The bytes of a path that may be relative, as the target of a link is. */
    static byte[] ofAny(Path path) {
        if (path.isAbsolute()) {
            return of(path);
        }
        byte[] whole = of(path.getFileSystem().getPath("/").resolve(path));
        return Arrays.copyOfRange(whole, 1, whole.length);
    }

    /** The path that these bytes spell, relative or not; nothing is resolved or normalised but doubled slashes. */
    static Path toPath(byte[] bytes) {
        Path root = Path.of("/");
        Path path = bytes.length > 0 && bytes[0] == '/' ? root : Path.of("");
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '/') {
                if (i > start) {
                    byte[] name = Arrays.copyOfRange(bytes, start, i);
                    path = path.resolve(child(root, name).getName(0));
                }
                start = i + 1;
            }
        }
        return path;
    }

    /** The path of a name inside a directory. */
    static Path child(Path directory, byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        return isPlain(text) ? directory.resolve(text) : Path.of(URI.create(uriOfDirectory(directory) + encode(name)));
    }

    /** The name of a path, which has one. */
    static byte[] name(Path path) {
        byte[] whole = of(path.toAbsolutePath());
        int slash = whole.length;
        while (slash > 0 && whole[slash - 1] != '/') {
            slash--;
        }
        return Arrays.copyOfRange(whole, slash, whole.length);
    }

    private static String uriOfDirectory(Path directory) {
        String uri = directory.toUri().toString();
        return uri.endsWith("/") ? uri : uri + "/";
    }

    private static String encode(byte[] name) {
        StringBuilder text = new StringBuilder(name.length * 3);
        for (byte b : name) {
            text.append('%').append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return text.toString();
    }

    /** ASCII, on a system whose separator is the slash: text and bytes are the same in every locale. */
    private static boolean isPlain(String text) {
        boolean plain = File.separatorChar == '/';
        for (int i = 0; i < text.length() && plain; i++) {
            plain = text.charAt(i) > 0 && text.charAt(i) < 0x7f;
        }
        return plain;
    }
}
