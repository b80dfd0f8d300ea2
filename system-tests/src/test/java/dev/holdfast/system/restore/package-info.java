/** Restores of real backups from a real store, over an in-process link. */
@NullMarked
package dev.holdfast.system.restore;

import org.jspecify.annotations.NullMarked;
