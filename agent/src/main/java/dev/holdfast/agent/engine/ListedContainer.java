package dev.holdfast.agent.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Set;

/**
 * What the list of an engine's containers says of one, before it is looked at.
 *
 * @param isUp whether it may be running or paused
 * @param labels the names of its labels
 */
public record ListedContainer(String id, boolean isUp, Set<String> labels) {
    /** The states of those that surely are not up. */
    private static final Set<String> ENDED = Set.of("created", "exited", "dead");

    public ListedContainer {
        labels = Set.copyOf(labels);
    }

    static ListedContainer of(JsonNode summary) {
        Set<String> labels = new HashSet<>();
        summary.path("Labels").fieldNames().forEachRemaining(labels::add);
        return new ListedContainer(
                summary.path("Id").asText(),
                !ENDED.contains(summary.path("State").asText()),
                labels);
    }
}
