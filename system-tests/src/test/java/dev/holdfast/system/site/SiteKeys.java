package dev.holdfast.system.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The keys of a site, in its key store and installed on its machines: made by the real commands for the first site, and copied from
 * there for the others. Nothing in them depends on where a site is, and four processes for each site are many.
 */
final class SiteKeys {
    private static final Path PLACE = Path.of(
                    "target", "site-keys", Long.toString(ProcessHandle.current().pid()))
            .toAbsolutePath();
    private static boolean made;

    private SiteKeys() {}

    /** All sites have the same machines. */
    static synchronized void give(RealSite site, List<String> machines) throws Exception {
        if (made) {
            Trees.shell(site.folder(), "cp -a '" + PLACE + "/.' .");
            return;
        }
        make(site, machines);
        Files.createDirectories(PLACE);
        Trees.shell(site.folder(), "cp -a keys state-* recovery-key.txt '" + PLACE + "'");
        made = true;
    }

    static void make(RealSite site, List<String> machines) throws Exception {
        String recoveryKey = site.recoveryKey().toString();
        site.run(RealSite.SERVER, "keygen", "--all", "--recovery-out", recoveryKey)
                .well();
        for (String machine : machines) {
            site.install(machine);
        }
    }
}
