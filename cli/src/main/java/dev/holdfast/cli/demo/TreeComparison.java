package dev.holdfast.cli.demo;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.agent.files.Listing;
import dev.holdfast.agent.files.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares two trees byte for byte, with type, permissions, owner, times, attributes and link targets. */
final class TreeComparison {
    private static final int BUFFER_BYTES = 1 << 16;

    private final List<String> differences = new ArrayList<>();
    private long things;
    private long bytes;

    private TreeComparison() {}

    static TreeComparison of(FileSystemView files, Path left, Path right) throws IOException {
        TreeComparison comparison = new TreeComparison();
        try (Directory a = files.openRoot(left);
                Directory b = files.openRoot(right)) {
            comparison.compareStatus(".", a.status(), b.status());
            comparison.compareFolders("", a, b);
        }
        return comparison;
    }

    List<String> differences() {
        return differences;
    }

    long things() {
        return things;
    }

    long bytes() {
        return bytes;
    }

    private void compareFolders(String path, Directory a, Directory b) throws IOException {
        Listing left = a.scan();
        Listing right = b.scan();
        for (int i = 0; i < right.size(); i++) {
            if (left.find(right.name(i)) < 0) {
                differences.add("only in the restored tree: " + path
                        + new String(right.name(i), java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        for (int i = 0; i < left.size(); i++) {
            byte[] name = left.name(i);
            String here = path + new String(name, java.nio.charset.StandardCharsets.UTF_8);
            if (right.find(name) < 0) {
                differences.add("missing: " + here);
            } else {
                compareThings(here, name, a, b);
            }
        }
    }

    private void compareThings(String path, byte[] name, Directory a, Directory b) throws IOException {
        Status left = a.status(name);
        Status right = b.status(name);
        compareStatus(path, left, right);
        if (left.type() != right.type()) {
            return;
        }
        if (!a.xattrs(name).equals(b.xattrs(name))) {
            differences.add("extended attributes differ: " + path);
        }
        switch (left.type()) {
            case DIRECTORY -> {
                try (Directory below = a.openDirectory(name);
                        Directory other = b.openDirectory(name)) {
                    compareFolders(path + "/", below, other);
                }
            }
            case FILE -> compareContent(path, name, a, b);
            case SYMLINK -> {
                if (!Arrays.equals(a.readLink(name), b.readLink(name))) {
                    differences.add("link target differs: " + path);
                }
            }
            default -> {}
        }
    }

    private void compareStatus(String path, Status left, Status right) {
        things++;
        boolean same = left.type() == right.type()
                && left.mode() == right.mode()
                && left.uid() == right.uid()
                && left.gid() == right.gid()
                && left.modified().equals(right.modified())
                && (!left.isFile() || (left.size() == right.size() && left.links() == right.links()));
        if (!same) {
            differences.add("metadata differs: " + path);
        }
    }

    private void compareContent(String path, byte[] name, Directory a, Directory b) throws IOException {
        byte[] left = new byte[BUFFER_BYTES];
        byte[] right = new byte[BUFFER_BYTES];
        try (FileReader one = a.openFile(name);
                FileReader other = b.openFile(name)) {
            int count = one.read(left, 0, BUFFER_BYTES);
            while (count > 0) {
                int same = other.read(right, 0, count);
                if (same != count || !Arrays.equals(left, 0, count, right, 0, count)) {
                    differences.add("content differs: " + path);
                    return;
                }
                bytes += count;
                count = one.read(left, 0, BUFFER_BYTES);
            }
        }
    }
}
