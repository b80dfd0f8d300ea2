package dev.holdfast.core.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One mapping of the file with the keys of its {@link Section}: unknown, repeated and missing ones are reported when it is opened. */
final class Block {
    private final Section section;
    private final String where;
    private final Map<String, Node> values;

    private Block(Section section, String where, Map<String, Node> values) {
        this.section = section;
        this.where = where;
        this.values = values;
    }

    /** Opens a mapping; {@code where} is its path, empty for the whole file. Empty, and reported, when it is no mapping. */
    static Optional<Block> open(Node node, Section section, String where, Findings findings) {
        if (!(node instanceof MappingNode mapping) || !node.getTag().equals(Tag.MAP)) {
            return findings.reject(
                    node, where.isEmpty() ? "the configuration" : where, "a mapping of keys to values", "");
        }
        correctKeys(mapping, section, where, findings);
        Map<String, Node> values = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            String name = scalar(key).orElse("");
            Optional<Section.Key> declared = section.find(name);
            if (declared.isEmpty()) {
                continue;
            }
            if (values.putIfAbsent(name, tuple.getValueNode()) != null) {
                int first = values.get(name)
                        .getStartMark()
                        .map(mark -> mark.getLine() + 1)
                        .orElse(0);
                findings.add(key, "duplicate key '" + name + "'" + in(where), "already given on line " + first);
            } else if (declared.get().nullable() && isNull(tuple.getValueNode())) {
                values.remove(name);
            }
        }
        Set<String> given = names(mapping);
        for (Section.Key key : section.keys()) {
            if (key.required() && !given.contains(key.name())) {
                findings.add(node, "missing key '" + key.name() + "'" + in(where), "add '" + key.name() + ":'");
            }
        }
        return Optional.of(new Block(section, where, values));
    }

    /**
     * Reports the keys that the section does not have. One that is surely a slip gets its right name in the tree, for all who read
     * on: so one slip is one problem, and neither a missing key nor many names that nobody knows.
     */
    private static void correctKeys(MappingNode mapping, Section section, String where, Findings findings) {
        List<String> known = section.keys().stream().map(Section.Key::name).toList();
        Set<String> given = names(mapping);
        List<NodeTuple> corrected = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            String name = scalar(key).orElse("");
            if (known.contains(name)) {
                corrected.add(tuple);
                continue;
            }
            findings.add(
                    key,
                    key instanceof ScalarNode
                            ? "unknown key '" + Findings.brief(name) + "'" + in(where)
                            : "a key must be plain text" + in(where),
                    suggestion(name, known));
            corrected.add(Names.nearest(name, known)
                    .filter(given::add)
                    .map(right -> new NodeTuple(renamed(key, right), tuple.getValueNode()))
                    .orElse(tuple));
        }
        mapping.setValue(corrected);
    }

    private static Node renamed(Node key, String name) {
        return new ScalarNode(Tag.STR, true, name, ScalarStyle.PLAIN, key.getStartMark(), key.getEndMark());
    }

    private static Set<String> names(MappingNode mapping) {
        Set<String> names = new HashSet<>();
        mapping.getValue().forEach(tuple -> scalar(tuple.getKeyNode()).ifPresent(names::add));
        return names;
    }

    private static String suggestion(String name, List<String> known) {
        Optional<String> nearest = Names.nearest(name, known);
        return nearest.isPresent() ? Findings.didYouMean(nearest) : "known keys: " + String.join(", ", known);
    }

    private static String in(String where) {
        return where.isEmpty() ? " at the top level" : " in " + where;
    }

    static Optional<String> scalar(Node node) {
        return node instanceof ScalarNode scalar ? Optional.of(scalar.getValue()) : Optional.empty();
    }

    static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    /** The path of a key of this block. */
    String path(String key) {
        return where.isEmpty() ? key : where + "." + key;
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** Reads the value of a key; empty when it is not given, or was reported. */
    <T> Optional<T> read(String key, BiFunction<Node, String, Optional<T>> reader) {
        if (section.find(key).isEmpty()) {
            throw new IllegalArgumentException(section + " has no key " + key);
        }
        return Optional.ofNullable(values.get(key)).flatMap(node -> reader.apply(node, path(key)));
    }
}
