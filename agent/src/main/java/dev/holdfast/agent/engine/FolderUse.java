package dev.holdfast.agent.engine;

import java.nio.file.Path;

/**
 * A container that has a folder mounted: the folder itself, a part of it, or one in which it lies.
 *
 * @param mounted what it has mounted, as the engine's machine calls it
 * @param writable whether it may write there
 * @param wide whether it has so much mounted that this folder is only one of many in it: that is no use of it
 */
public record FolderUse(EngineContainer container, Path mounted, boolean writable, boolean wide) {}
