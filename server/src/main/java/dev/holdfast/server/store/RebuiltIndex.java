package dev.holdfast.server.store;

import dev.holdfast.core.problem.Problem;
import java.util.List;

/** What the packs of a realm hold, by reading every object in them. */
public record RebuiltIndex(String realm, long objects, long packs, long bytes, List<Problem> findings) {
    public RebuiltIndex {
        findings = List.copyOf(findings);
    }
}
