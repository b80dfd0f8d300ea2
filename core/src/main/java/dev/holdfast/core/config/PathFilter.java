package dev.holdfast.core.config;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Decides which paths of a volume are left out. Patterns follow {@code .gitignore} and work on the bytes of a path, so that names
 * which are not UTF-8 are judged like any other.
 *
 * <ul>
 *   <li>{@code *} stands for any characters but {@code /}, {@code ?} for one character but {@code /}; a character is one UTF-8
 *       sequence, or one byte where the bytes are not UTF-8. A dot at the start of a name is nothing special.
 *   <li>{@code [a-z]} stands for one character of the set, {@code [!a-z]} or {@code [^a-z]} for one outside it. A {@code ]} directly
 *       after the opening belongs to the set. A set never matches {@code /}.
 *   <li>{@code \} takes the next character as it is.
 *   <li>{@code **} as a whole component stands for any number of folders, none included; at the end of a pattern for everything
 *       inside. Within a component it means the same as {@code *}.
 *   <li>A pattern with a {@code /} at its start or in its middle is anchored at the root of the volume; one without matches at
 *       any depth. A {@code /} at the end makes the pattern match folders only, and is no anchor.
 *   <li>Case matters. There is no negation ({@code !}): use include patterns.
 * </ul>
 *
 * <p>A pattern that matches a folder covers everything below it. <b>Exclude:</b> what a pattern covers is left out. <b>Include:</b>
 * when there are include patterns, only what they cover is taken, and the folders on the way there: a folder is entered when
 * something below it could match. Exclude wins over include. The root of the volume is always taken.
 *
 * <p>Safe for use by many threads; asking allocates nothing. The cost of one question is bounded by (number of patterns) x (length of
 * path) x (length of pattern), whatever the pattern.
 */
public final class PathFilter {
    private static final PathFilter EVERYTHING = new PathFilter(new PathPattern[0], new PathPattern[0]);

    private final PathPattern[] include;
    private final PathPattern[] exclude;

    private PathFilter(PathPattern[] include, PathPattern[] exclude) {
        this.include = include;
        this.exclude = exclude;
    }

    /** The filter that leaves nothing out. */
    public static PathFilter everything() {
        return EVERYTHING;
    }

    /**
     * Compiles patterns that are known to be well formed.
     *
     * @throws IllegalArgumentException if one is not; {@link #fault} tells beforehand
     */
    public static PathFilter of(List<String> include, List<String> exclude) {
        return include.isEmpty() && exclude.isEmpty() ? EVERYTHING : new PathFilter(compile(include), compile(exclude));
    }

    private static PathPattern[] compile(List<String> patterns) {
        return patterns.stream().map(PathPattern::compile).toArray(PathPattern[]::new);
    }

    /** What is wrong with a pattern, in lower case without a full stop; empty when it is well formed. */
    public static Optional<String> fault(String pattern) {
        try {
            PathPattern.compile(pattern);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Whether a path is left out.
     *
     * @param relativePath from the root of the volume, components separated by {@code /}, no slash at either end; empty for the root
     */
    public boolean excluded(byte[] relativePath, boolean directory) {
        if (relativePath.length == 0 || this == EVERYTHING) {
            return false;
        }
        for (PathPattern pattern : exclude) {
            if (pattern.covers(relativePath, directory)) {
                return true;
            }
        }
        return include.length > 0 && !included(relativePath, directory);
    }

    private boolean included(byte[] path, boolean directory) {
        for (PathPattern pattern : include) {
            if (pattern.covers(path, directory) || (directory && pattern.mayMatchBelow(path))) {
                return true;
            }
        }
        return false;
    }

    /** The same question for a path that is UTF-8. */
    public boolean excluded(String relativePath, boolean directory) {
        return excluded(relativePath.getBytes(StandardCharsets.UTF_8), directory);
    }
}
