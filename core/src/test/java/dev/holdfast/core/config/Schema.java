package dev.holdfast.core.config;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The keywords of JSON Schema that {@code docs/holdfast.schema.json} uses, and no others: an unknown one is an error. */
final class Schema {
    private static final List<String> TOLD = List.of("description", "title", "$schema", "$id", "$defs");
    private final Map<?, ?> root;

    Schema(String text) {
        this.root = (Map<?, ?>) yaml(text);
    }

    static Object yaml(String text) {
        return Objects.requireNonNull(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    Map<?, ?> root() {
        return root;
    }

    Map<?, ?> definition(String name) {
        return (Map<?, ?>)
                Objects.requireNonNull(((Map<?, ?>) Objects.requireNonNull(root.get("$defs"))).get(name), name);
    }

    boolean accepts(@Nullable Object value) {
        return accepts(root, value);
    }

    private boolean accepts(Map<?, ?> schema, @Nullable Object value) {
        return schema.entrySet().stream()
                .allMatch(e -> TOLD.contains(e.getKey()) || keyword((String) e.getKey(), e.getValue(), schema, value));
    }

    private boolean keyword(String keyword, Object said, Map<?, ?> schema, @Nullable Object value) {
        return switch (keyword) {
            case "$ref" -> accepts(definition(((String) said).replace("#/$defs/", "")), value);
            case "type" -> isType((String) said, value);
            case "enum" -> ((List<?>) said).contains(value);
            case "pattern" ->
                !(value instanceof String text)
                        || Pattern.compile((String) said).matcher(text).find();
            case "minimum" -> !(value instanceof Number n) || n.longValue() >= ((Number) said).longValue();
            case "maximum" -> !(value instanceof Number n) || n.longValue() <= ((Number) said).longValue();
            case "minItems" -> !(value instanceof List<?> list) || list.size() >= ((Number) said).intValue();
            case "items" ->
                !(value instanceof List<?> list) || list.stream().allMatch(item -> accepts((Map<?, ?>) said, item));
            case "oneOf" ->
                ((List<?>) said)
                                .stream()
                                        .filter(s -> accepts((Map<?, ?>) s, value))
                                        .count()
                        == 1;
            case "anyOf" -> ((List<?>) said).stream().anyMatch(s -> accepts((Map<?, ?>) s, value));
            case "required" -> !(value instanceof Map<?, ?> map) || map.keySet().containsAll((List<?>) said);
            case "properties" ->
                !(value instanceof Map<?, ?> map)
                        || ((Map<?, ?>) said)
                                .entrySet().stream()
                                        .allMatch(e -> !map.containsKey(e.getKey())
                                                || accepts((Map<?, ?>) e.getValue(), map.get(e.getKey())));
            case "propertyNames" ->
                !(value instanceof Map<?, ?> map) || map.keySet().stream().allMatch(k -> accepts((Map<?, ?>) said, k));
            case "additionalProperties" -> !(value instanceof Map<?, ?> map) || additional(said, schema, map);
            default -> throw new IllegalArgumentException("the test does not know the keyword " + keyword);
        };
    }

    private boolean additional(Object said, Map<?, ?> schema, Map<?, ?> value) {
        Map<?, ?> declared = schema.get("properties") instanceof Map<?, ?> map ? map : Map.of();
        return value.entrySet().stream()
                .filter(e -> !declared.containsKey(e.getKey()))
                .allMatch(e -> said instanceof Map<?, ?> inner && accepts(inner, e.getValue()));
    }

    private static boolean isType(String type, @Nullable Object value) {
        return switch (type) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Integer || value instanceof Long;
            case "boolean" -> value instanceof Boolean;
            case "null" -> value == null;
            default -> throw new IllegalArgumentException(type);
        };
    }
}
