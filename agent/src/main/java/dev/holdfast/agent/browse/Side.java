package dev.holdfast.agent.browse;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.util.Optional;

/** One of two trees that are compared: a place in sorted entries. */
sealed interface Side permits EntryCursor, LiveTree {
    boolean atEnd();

    /** The path here; not at the end. */
    EntryPath path();

    /** Whether what should be here is lost, which is then told and passed; to be asked before {@link #entry}. */
    boolean passGap();

    /** The entry here; not at the end. */
    Entry entry();

    void advance();

    /** The id of the stored block that begins here, if one does. */
    Optional<ObjectId> blockStart();

    /** Passes by the block that begins here. */
    void skipBlock();

    /** Whether it is not known if this tree has {@code path}, which lies before the place here; asked for in ascending order. */
    boolean hides(EntryPath path);
}
