package dev.holdfast.agent.source;

import java.nio.file.Path;
import java.util.List;

/**
 * A place that a dry run does not make.
 *
 * @param folder one that is not there, to compare with
 * @param shown what would be made
 */
public record PlannedTarget(Path folder, String shown) implements Target {
    @Override
    public void requireFree() {
        // Nobody uses what is not there.
    }

    @Override
    public List<String> wouldStop() {
        return List.of();
    }

    @Override
    public Hold hold() {
        return () -> {};
    }
}
