package dev.holdfast.agent.tree;

import dev.holdfast.core.tree.Entry;
import java.util.List;

/** An opened tree block: its place in the snapshot, its entries, and its references for fetching their content. */
public record Block(int number, References references, List<Entry> entries) implements Stretch {
    public Block {
        entries = List.copyOf(entries);
    }
}
