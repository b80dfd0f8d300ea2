package dev.holdfast.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a volume lies, what of it is taken, what stands still meanwhile and what is run around it; said for a volume everywhere, or for
 * one host. What is left out is not decided here.
 */
public record VolumeRules(
        Optional<Path> path,
        Optional<List<String>> include,
        Optional<List<String>> exclude,
        Optional<Consistency> consistency,
        Optional<Hooks> hooks) {
    /** Decides nothing. */
    public static final VolumeRules NONE =
            new VolumeRules(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public VolumeRules {
        include = include.map(List::copyOf);
        exclude = exclude.map(List::copyOf);
    }
}
