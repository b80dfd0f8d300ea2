package dev.holdfast.core.config;

import java.util.HashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The line of every key and list item of a file without problems, by path such as {@code clients[0].backup}. */
final class Origins {
    private final String file;
    private final Map<String, Integer> lines;

    private Origins(String file, Map<String, Integer> lines) {
        this.file = file;
        this.lines = Map.copyOf(lines);
    }

    static Origins of(String file, Node root) {
        Map<String, Integer> lines = new HashMap<>();
        walk(root, "", lines);
        return new Origins(file, lines);
    }

    private static void walk(Node node, String path, Map<String, Integer> lines) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                String key = Block.scalar(tuple.getKeyNode()).orElse("");
                String inner = path.isEmpty() ? key : path + "." + key;
                lines.put(inner, line(tuple.getKeyNode()));
                walk(tuple.getValueNode(), inner, lines);
            }
        } else if (node instanceof SequenceNode sequence) {
            int index = 0;
            for (Node item : sequence.getValue()) {
                String inner = path + "[" + index++ + "]";
                lines.put(inner, line(item));
                walk(item, inner, lines);
            }
        }
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    Origin of(String path) {
        Integer line = lines.get(path);
        return line == null ? Origin.DEFAULT : new Origin(file, line);
    }
}
