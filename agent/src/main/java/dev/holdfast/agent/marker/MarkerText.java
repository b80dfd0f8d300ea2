package dev.holdfast.agent.marker;

import dev.holdfast.core.snapshot.SnapshotRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What stands in a marker, a fact in each line. */
record MarkerText(String text) {
    private static final String TARGET = "target ";
    private static final String SNAPSHOT = "snapshot ";
    private static final String OF = "of ";
    private static final String INTO = "into ";
    private static final String PATHS = "paths";
    private static final String AGAIN = "again ";
    private static final String BOOT = "boot ";
    private static final int BRIEF = 8;

    /** @param boots as {@link #bootsBefore} has them, the present one last */
    static MarkerText of(Path target, Marker.Purpose purpose, List<String> boots) {
        SnapshotRecord snapshot = purpose.snapshot();
        StringBuilder text = new StringBuilder();
        line(text, TARGET, target.toString());
        line(text, SNAPSHOT, snapshot.id());
        line(text, OF, snapshot.host() + "/" + snapshot.volume());
        line(text, INTO, purpose.volume());
        text.append(purpose.whole() ? "" : PATHS + "\n");
        line(text, AGAIN, purpose.again());
        boots.forEach(boot -> line(text, BOOT, boot));
        return new MarkerText(text.toString());
    }

    private static void line(StringBuilder text, String key, String value) {
        if (!value.isEmpty()) {
            text.append(key).append(value).append('\n');
        }
    }

    boolean isOf(SnapshotRecord snapshot) {
        return line(SNAPSHOT).filter(snapshot.id()::equals).isPresent();
    }

    /** Boots of earlier runs but the present one; one that a crash has garbled tells of an earlier boot, too. */
    List<String> bootsBefore(boolean left, String present) {
        List<String> boots = text.lines()
                .filter(line -> line.startsWith(BOOT))
                .map(line -> line.substring(BOOT.length()))
                .toList();
        if (left && boots.isEmpty()) {
            return List.of("lost");
        }
        return boots.stream().filter(boot -> !boot.equals(present)).toList();
    }

    /** Empty for one that a crash has garbled. */
    Optional<UnfinishedRestore> told(Path file, boolean running, Instant since) {
        Optional<String> target = line(TARGET);
        Optional<String> snapshot = line(SNAPSHOT);
        if (target.isEmpty() || snapshot.isEmpty()) {
            return Optional.empty();
        }
        String id = snapshot.get();
        return Optional.of(new UnfinishedRestore(
                file,
                Path.of(target.get()),
                line(INTO).orElse(""),
                id.substring(0, Math.min(id.length(), BRIEF)),
                line(OF).orElse(""),
                text.lines().noneMatch(PATHS::equals),
                line(AGAIN).orElse(""),
                running,
                since));
    }

    private Optional<String> line(String key) {
        return text.lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()))
                .findFirst();
    }
}
