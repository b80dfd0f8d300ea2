package dev.holdfast.system.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys of sites, in their key stores and installed on their machines: made by the real commands for the first site of a kind, and
 * copied from there for the others. Nothing in them depends on where a site is, and four processes for each site are many.
 */
final class SiteKeys {
    private static final Path PLACE = Path.of(
                    "target", "site-keys", Long.toString(ProcessHandle.current().pid()))
            .toAbsolutePath();
    private static final Map<String, Path> MADE = new HashMap<>();

    private SiteKeys() {}

    /** The commands that make and install the keys of a site. */
    @FunctionalInterface
    interface Making {
        void run() throws Exception;
    }

    /** {@code kind} is all that the keys depend on. A site whose key store is no folder has to make its own. */
    static synchronized void give(RealSite site, String kind, Making making) throws Exception {
        Path place = MADE.get(kind);
        if (place != null) {
            Trees.shell(site.folder(), "cp -a '" + place + "/.' .");
            return;
        }
        making.run();
        if (Files.exists(site.keyStore())) {
            Path kept = Files.createDirectories(PLACE.resolve(Integer.toString(MADE.size())));
            Trees.shell(site.folder(), "cp -a keys state-* recovery-key.txt '" + kept + "'");
            MADE.put(kind, kept);
        }
    }
}
