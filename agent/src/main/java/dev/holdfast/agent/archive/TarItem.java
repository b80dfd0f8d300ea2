package dev.holdfast.agent.archive;

import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.util.Optional;

/**
 * One thing in an archive that was read.
 *
 * @param linkTo the file that this is a further name of; then nothing else counts but the path
 * @param regions where a file has data
 */
record TarItem(Entry entry, Optional<EntryPath> linkTo, Regions regions) {}
