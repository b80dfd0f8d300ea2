package dev.holdfast.core.tree;

import dev.holdfast.core.object.ObjectId;
import java.util.List;

/** Where a file's bytes lie: its extents, in the entry itself or, when there are many, in extent lists of their own. */
public sealed interface Content permits Content.Inline, Content.Listed {
    /** Nothing: an empty file, or no file at all. */
    Content EMPTY = new Inline(List.of());

    /** More extents than this go into extent lists. */
    int MAX_INLINE_EXTENTS = 64;

    record Inline(List<Extent> extents) implements Content {
        public Inline {
            extents = List.copyOf(extents);
        }
    }

    /** No file has more extent lists: with pages that is 4 TiB, with cut content 64 TiB and more. */
    int MAX_PARTS = 1 << 16;

    /** Extent lists in file order. */
    record Listed(List<Part> parts) implements Content {
        public Listed {
            parts = List.copyOf(parts);
        }
    }

    /** One extent list and how many bytes of the file it covers. */
    record Part(ObjectId extentList, long length) {
        public Part {
            if (length < 1) {
                throw new IllegalArgumentException("extent list over " + length + " bytes");
            }
        }
    }
}
