package dev.holdfast.core.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** The problems found so far. */
final class Findings {
    /** More than anybody reads; what is beyond is only counted. */
    static final int MOST = 100;

    private final SourceText source;
    private final List<ConfigurationProblem> problems = new ArrayList<>();
    private int beyond;

    Findings(SourceText source) {
        this.source = source;
    }

    void add(Node node, String message, String suggestion) {
        add(source.at(node, message, suggestion));
    }

    void add(ConfigurationProblem problem) {
        if (problems.size() == MOST) {
            beyond++;
        } else if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /** Reports a value that is not what its key wants; always empty, so that readers can return it. */
    <T> Optional<T> reject(Node node, String where, String wanted, String suggestion) {
        add(node, where + " must be " + wanted + ", not " + describe(node), suggestion);
        return Optional.empty();
    }

    boolean none() {
        return problems.isEmpty();
    }

    /** In the order of the file. */
    List<ConfigurationProblem> all() {
        List<ConfigurationProblem> all = new ArrayList<>(problems);
        all.sort(Comparator.comparingInt(ConfigurationProblem::line).thenComparingInt(ConfigurationProblem::column));
        if (beyond > 0) {
            all.add(source.whole("and " + beyond + " more problems", ""));
        }
        return List.copyOf(all);
    }

    /** What was found, in words: the text of a scalar, or the kind of thing it is. */
    static String describe(Node node) {
        if (!node.getTag().getValue().startsWith(Tag.PREFIX)
                || node.getTag().getValue().indexOf('/') >= 0) {
            return "something tagged '" + brief(node.getTag().getValue()) + "'";
        }
        if (node instanceof SequenceNode) {
            return "a list";
        }
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (!(node instanceof ScalarNode scalar)) {
            return "this";
        }
        if (scalar.getTag().equals(Tag.NULL)) {
            return "nothing";
        }
        String kind = scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT) ? "the number " : "";
        return kind.isEmpty() ? "'" + brief(scalar.getValue()) + "'" : kind + brief(scalar.getValue());
    }

    static String brief(String text) {
        String plain = SourceText.plain(text.replace('\n', ' '));
        int length = plain.codePointCount(0, plain.length());
        return length <= 60 ? plain : plain.substring(0, plain.offsetByCodePoints(0, 60)) + "…";
    }

    static String didYouMean(Optional<String> nearest) {
        return nearest.map(name -> "did you mean '" + name + "'?").orElse("");
    }
}
