package dev.holdfast.agent.backup;

import dev.holdfast.agent.link.ServerLink;
import dev.holdfast.agent.tree.References;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Extent;
import dev.holdfast.core.wire.Message;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the server still has what the parent snapshot's content is made of. An ordinary backup takes that for granted: the server
 * refuses a snapshot that relies on something lost. A rehash asks, one question for each tree block and each extent list.
 */
final class Holdings {
    private final ServerLink link;
    private final Parent parent;
    private final boolean asked;
    private @Nullable References block;
    private Set<ObjectId> lost = Set.of();

    /** @param asked false: everything is taken to be there */
    Holdings(ServerLink link, Parent parent, boolean asked) {
        this.link = link;
        this.parent = parent;
        this.asked = asked;
    }

    /** Whether every object that the content of {@code known} is made of is there. */
    boolean has(Parent.Known known) {
        if (!asked) {
            return true;
        }
        Set<ObjectId> missing = lostOf(known.block().references());
        if (known.entry().content() instanceof Content.Inline inline) {
            return inline.extents().stream()
                    .noneMatch(extent -> extent instanceof Extent.Data data && missing.contains(data.chunk()));
        }
        List<Content.Part> parts = ((Content.Listed) known.entry().content()).parts();
        return parts.stream().noneMatch(part -> missing.contains(part.extentList()))
                && parts.stream().allMatch(part -> hasAll(parent.extentList(known, part)));
    }

    private boolean hasAll(Optional<SnapshotReader.OpenedList> list) {
        return list.isPresent() && ask(list.get().references()).isEmpty();
    }

    /** Files follow each other block by block, so the last answer is nearly always the one that is wanted. */
    private Set<ObjectId> lostOf(References references) {
        if (block == null || !block.parent().equals(references.parent())) {
            lost = ask(references);
            block = references;
        }
        return lost;
    }

    private Set<ObjectId> ask(References references) {
        List<ObjectId> ids = new ArrayList<>(references.ids());
        Set<ObjectId> lacking = new HashSet<>();
        for (int from = 0; from < ids.size(); from += Message.Have.MAX_IDS) {
            List<ObjectId> some = ids.subList(from, Math.min(ids.size(), from + Message.Have.MAX_IDS));
            BitSet answer = ServerLink.await(link.have(some));
            answer.stream().forEach(index -> lacking.add(some.get(index)));
        }
        return lacking;
    }
}
