package dev.holdfast.core.config;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param line from 1; 0 when the problem is not at a place, as when the file is too large
 * @param column from 1, in characters
 * @param source the line as it is shown: shortened, secrets and control characters blotted out
 * @param caret where the mark under that line starts, from 0
 * @param suggestion a piece of advice in lower case, may be empty
 */
public record ConfigurationProblem(
        String file, int line, int column, String message, String source, int caret, int width, String suggestion) {

    /** What is wrong in that line, as it is shown; empty when the problem is not at a place. */
    public String offending() {
        int[] points = source.codePoints().toArray();
        int from = Math.min(caret, points.length);
        return new String(points, from, Math.min(width, points.length - from));
    }

    /** The problem as people read it, without a line break at the end. */
    public String render() {
        if (line == 0) {
            return file + ": " + message + (suggestion.isEmpty() ? "" : "\n        " + suggestion);
        }
        String mark = " ".repeat(caret) + "^".repeat(width) + (suggestion.isEmpty() ? "" : " " + suggestion);
        return file + ":" + line + ":" + column + ": " + message + "\n"
                + String.format(Locale.ROOT, "%5d | %s", line, source).stripTrailing() + "\n      | " + mark;
    }

    /** All of them, one after the other. */
    public static String render(List<ConfigurationProblem> problems) {
        return problems.stream().map(ConfigurationProblem::render).collect(Collectors.joining("\n"));
    }
}
