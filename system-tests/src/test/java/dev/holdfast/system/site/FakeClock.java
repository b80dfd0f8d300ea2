package dev.holdfast.system.site;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The clock of one machine of a site, which can be set: that of libfaketime, for all programs that are started there from now on. */
final class FakeClock {
    private static final Path LIBRARIES = Path.of("/usr/lib");

    private final Path file;

    private FakeClock(Path file) {
        this.file = file;
    }

    /** One that is right at first. */
    static FakeClock of(RealSite site, String machine) throws IOException {
        FakeClock clock = new FakeClock(site.folder().resolve("clock-" + machine));
        clock.shift(Duration.ZERO);
        site.give(machine, "LD_PRELOAD", library().toString());
        site.give(machine, "FAKETIME_TIMESTAMP_FILE", clock.file.toString());
        site.give(machine, "FAKETIME_NO_CACHE", "1");
        // What waits, waits by the monotonic clock, which nobody sets.
        site.give(machine, "DONT_FAKE_MONOTONIC", "1");
        site.give(machine, "FAKETIME_FORCE_MONOTONIC_FIX", "0");
        return clock;
    }

    private static Path library() throws IOException {
        try (Stream<Path> found =
                Files.find(LIBRARIES, 3, (file, attributes) -> file.endsWith(Path.of("faketime/libfaketime.so.1")))) {
            List<Path> libraries = found.toList();
            assumeTrue(!libraries.isEmpty(), "NOT RUN: needs libfaketime");
            return libraries.get(0);
        }
    }

    /** Also for programs that run already. */
    void set(Instant moment) throws IOException {
        shift(Duration.between(InstantSource.system().instant(), moment));
    }

    /** How much later than it is. */
    void shift(Duration by) throws IOException {
        Path fresh = Files.writeString(
                file.resolveSibling(file.getFileName() + ".new"), String.format(Locale.ROOT, "%+d", by.toSeconds()));
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
