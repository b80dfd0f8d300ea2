package dev.holdfast.server.store;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.pack.PackScan;
import java.nio.file.Path;
import java.util.Locale;

/** Where a pack stops being whole and what is still there behind that; says it to people. */
record DamagedPart(Path file, String host, int offset, PackScan.Remains behind) {
    Problem problem() {
        int count = behind.entries().size();
        String found = count == 0
                ? "no whole object was found behind it"
                : String.format(Locale.ROOT, "%d whole object%s behind it can be read", count, count == 1 ? "" : "s");
        String gaveUp = behind.gaveUp()
                ? ", and the search was given up at offset " + behind.searched()
                        + ": too many places look like the beginning of an object and are none"
                : "";
        String unread = behind.isReadable() ? "" : ", and not all of it can be read (" + behind.unreadable() + ")";
        String whose = host.isEmpty() ? "the hosts of this realm" : "host '" + host + "'";
        return Problem.of(
                        ProblemCode.DAMAGE,
                        "pack " + file.getFileName() + " is not whole from offset " + offset + " on; " + found + gaveUp
                                + unread,
                        "Keep the file, and look at the server's disk. For each volume of " + whose
                                + ", `holdfast backup VOLUME --rehash` sends again what was lost, as far as the files are still there.")
                .with("file", file.toString())
                .with("offset", Integer.toString(offset))
                .with("readable", Integer.toString(count));
    }
}
