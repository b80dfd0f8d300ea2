package dev.holdfast.agent.source;

import dev.holdfast.agent.engine.EngineVolume;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a snapshot says of an engine's volume: {@code engine.driver}, {@code engine.option.NAME}, {@code engine.label.NAME}. */
public record EngineProperties(String driver, Map<String, String> options, Map<String, String> labels) {
    private static final String DRIVER = "engine.driver";
    private static final String OPTION = "engine.option.";
    /** As in the options of a CIFS mount. */
    private static final Pattern SECRET = Pattern.compile("(?i)(pass(?:word|wd)?=)[^,]*");

    private static final String LABEL = "engine.label.";

    public EngineProperties {
        options = Map.copyOf(options);
        labels = Map.copyOf(labels);
    }

    static SortedMap<String, String> of(EngineVolume volume) {
        SortedMap<String, String> properties = new TreeMap<>();
        properties.put(DRIVER, volume.driver());
        volume.options().forEach((name, value) -> properties.put(OPTION + name, value));
        volume.labels().forEach((name, value) -> properties.put(LABEL + name, value));
        return properties;
    }

    /** Empty for a snapshot of something else. */
    public static Optional<EngineProperties> in(SortedMap<String, String> properties) {
        return Optional.ofNullable(properties.get(DRIVER))
                .map(driver -> new EngineProperties(driver, under(OPTION, properties), under(LABEL, properties)));
    }

    /** What is other about a volume, in words; empty when driver and options are the same. */
    Optional<String> unlike(EngineVolume volume) {
        return driver.equals(volume.driver()) && options.equals(volume.options())
                ? Optional.empty()
                : Optional.of("it has " + shown(volume.driver(), volume.options()) + "; the one that was backed up had "
                        + shown(driver, options));
    }

    private static String shown(String driver, Map<String, String> options) {
        String all = new TreeMap<>(options)
                .entrySet().stream()
                        .map(option -> option.getKey() + "="
                                + SECRET.matcher(option.getValue()).replaceAll("$1***"))
                        .collect(Collectors.joining(" "));
        return "driver " + driver + (all.isEmpty() ? " without options" : " with " + all);
    }

    private static Map<String, String> under(String prefix, SortedMap<String, String> properties) {
        Map<String, String> found = new TreeMap<>();
        properties.forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }
}
