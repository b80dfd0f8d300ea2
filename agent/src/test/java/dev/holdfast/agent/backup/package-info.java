/** What the parts of a backup do alone; whole backups are tested in {@code system-tests}. */
@NullMarked
package dev.holdfast.agent.backup;

import org.jspecify.annotations.NullMarked;
