package dev.holdfast.cli.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Points libraries at their native parts, which an installation keeps as files: unpacked from a jar into the temporary folder
 * they would cost tens of milliseconds at each start, and fail where that folder is mounted noexec. Without the folder (in tests,
 * on other systems) the libraries unpack as usual.
 */
final class NativeLibraries {
    private static final Map<String, String> FOLDERS =
            Map.of("Linux/amd64", "linux-amd64", "Linux/aarch64", "linux-aarch64");

    private NativeLibraries() {}

    static void locate() {
        String root = System.getProperty("holdfast.native", "");
        String folder = FOLDERS.get(System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
        if (root.isEmpty() || folder == null) {
            return;
        }
        Path natives = Path.of(root, folder);
        Path zstd = natives.resolve("libzstd-jni.so");
        if (Files.exists(zstd)) {
            System.setProperty("ZstdNativePath", zstd.toString());
        }
        if (Files.exists(natives.resolve("libjnidispatch.so"))) {
            System.setProperty("jna.boot.library.path", natives.toString());
        }
    }
}
