package dev.holdfast.core.config;

import dev.holdfast.core.schedule.DailyWindow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads one rate, or rates by the hours of the day. */
final class BandwidthReader {
    private final Findings findings;
    private final Values values;

    BandwidthReader(Findings findings, Values values) {
        this.findings = findings;
        this.values = values;
    }

    Optional<Bandwidth> read(Node node, String where) {
        return node instanceof MappingNode mapping
                ? byHours(mapping, where)
                : values.rate(node, where).map(rate -> new Bandwidth(List.of(), OptionalLong.of(rate)));
    }

    private Optional<Bandwidth> byHours(MappingNode mapping, String where) {
        List<Bandwidth.Hours> hours = new ArrayList<>();
        OptionalLong otherwise = OptionalLong.empty();
        Set<String> keys = new HashSet<>();
        boolean whole = true;
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            String name = Block.scalar(key).orElse("");
            if (!keys.add(name)) {
                findings.add(key, "duplicate key '" + Findings.brief(name) + "' in " + where, "");
                return Optional.empty();
            }
            Optional<OptionalLong> rate = rate(tuple.getValueNode(), where + "." + name);
            whole &= rate.isPresent();
            if (name.equals(Bandwidth.OTHERWISE)) {
                otherwise = rate.orElse(otherwise);
            } else {
                Optional<DailyWindow> window = values.window(key, "a key in " + where);
                whole &= window.isPresent();
                window.ifPresent(when -> hours.add(new Bandwidth.Hours(when, rate.orElse(OptionalLong.empty()))));
            }
        }
        return whole ? Optional.of(new Bandwidth(hours, otherwise)) : Optional.empty();
    }

    private Optional<OptionalLong> rate(Node node, String where) {
        boolean unlimited = node.getTag().equals(Tag.STR)
                && Block.scalar(node).filter(Bandwidth.UNLIMITED::equals).isPresent();
        return unlimited
                ? Optional.of(OptionalLong.empty())
                : values.rate(node, where).map(OptionalLong::of);
    }
}
