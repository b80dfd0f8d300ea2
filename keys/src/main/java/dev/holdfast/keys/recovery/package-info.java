/**
 * The key of last resort, on paper. Read {@link dev.holdfast.keys.recovery.RecoveryKey} first; {@link dev.holdfast.keys.paper.PaperCode} is how it is written down.
 */
@NullMarked
package dev.holdfast.keys.recovery;

import org.jspecify.annotations.NullMarked;
