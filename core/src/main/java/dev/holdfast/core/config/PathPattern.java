package dev.holdfast.core.config;

import java.util.ArrayList;
import java.util.List;

/**
 * One pattern of a {@link PathFilter}: components, each a {@link NamePattern}, or {@code **}.
 *
 * <p>Idea: match components from left to right and stop with success as soon as the pattern is used up, because then it matched
 * the path or one of its parent folders. {@code **} is tried with as few components as possible, and only the latest one is ever
 * widened: what stands before it has matched as early as it could, so moving it further right cannot help what comes after.
 */
final class PathPattern {
    private static final byte SLASH = '/';

    /** Null stands for {@code **}. */
    private final List<Component> components;

    private final boolean folderOnly;

    private PathPattern(List<Component> components, boolean folderOnly) {
        this.components = components;
        this.folderOnly = folderOnly;
    }

    /** A component; {@code anyDepth} ones are {@code **} and their name is not looked at. */
    private record Component(boolean anyDepth, NamePattern name) {}

    static PathPattern compile(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty pattern");
        }
        if (text.startsWith("!")) {
            throw new IllegalArgumentException(
                    "a pattern cannot be negated with '!'; use include, or '\\!' for the character");
        }
        boolean folderOnly = text.endsWith("/");
        String body = folderOnly ? text.substring(0, text.length() - 1) : text;
        boolean anchored = body.indexOf(SLASH) >= 0;
        String bare = body.startsWith("/") ? body.substring(1) : body;
        if (bare.isEmpty()) {
            throw new IllegalArgumentException("a pattern that names nothing");
        }
        List<Component> components = new ArrayList<>();
        if (!anchored) {
            components.add(new Component(true, NamePattern.ANY));
        }
        for (String part : bare.split("/", -1)) {
            add(components, part);
        }
        return new PathPattern(List.copyOf(components), folderOnly);
    }

    private static void add(List<Component> components, String part) {
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
            throw new IllegalArgumentException(
                    part.isEmpty()
                            ? "an empty component ('//')"
                            : "a component '" + part + "', which no path contains");
        }
        boolean anyDepth = part.equals("**");
        boolean repeated = anyDepth
                && !components.isEmpty()
                && components.get(components.size() - 1).anyDepth();
        if (!repeated) {
            components.add(new Component(anyDepth, anyDepth ? NamePattern.ANY : NamePattern.compile(part)));
        }
    }

    /** Whether the pattern matches the path or one of its parent folders. */
    boolean covers(byte[] path, boolean directory) {
        int component = 0;
        int at = 0;
        int retryComponent = -1;
        int retryAt = -1;
        while (true) {
            if (component == components.size()) {
                return !folderOnly || directory || at <= path.length;
            }
            if (at > path.length) {
                return false;
            }
            if (components.get(component).anyDepth()) {
                component++;
                if (component == components.size()) {
                    return !folderOnly || directory || end(path, at) < path.length;
                }
                retryComponent = component;
                retryAt = at;
            } else {
                int end = end(path, at);
                if (components.get(component).name().matches(path, at, end)) {
                    component++;
                    at = end + 1;
                } else if (retryComponent < 0 || end(path, retryAt) >= path.length) {
                    return false;
                } else {
                    retryAt = end(path, retryAt) + 1;
                    component = retryComponent;
                    at = retryAt;
                }
            }
        }
    }

    /** Whether something below this folder could match. */
    boolean mayMatchBelow(byte[] folder) {
        int at = 0;
        for (Component component : components) {
            if (component.anyDepth() || at > folder.length) {
                return true;
            }
            int end = end(folder, at);
            if (!component.name().matches(folder, at, end)) {
                return false;
            }
            at = end + 1;
        }
        return false;
    }

    private static int end(byte[] path, int from) {
        int end = from;
        while (end < path.length && path[end] != SLASH) {
            end++;
        }
        return end;
    }
}
