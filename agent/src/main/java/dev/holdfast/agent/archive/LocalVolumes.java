package dev.holdfast.agent.archive;

import java.nio.file.Path;
import java.util.Optional;

/** Knows where volumes of this machine lie: from a configuration, or from whoever else keeps them. */
@FunctionalInterface
public interface LocalVolumes {
    /** The folder that is or becomes the volume's root; empty when nobody says. */
    Optional<Path> root(String volume);
}
