package dev.holdfast.core.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The rules of {@link PathFilter} said once more, slowly, by recursion over every prefix of a path. */
final class PlainMatcher {
    private PlainMatcher() {}

    static boolean covers(String pattern, String path, boolean directory) {
        boolean folderOnly = pattern.endsWith("/");
        String body = folderOnly ? pattern.substring(0, pattern.length() - 1) : pattern;
        List<String> parts = new ArrayList<>(List.of((body.startsWith("/") ? body.substring(1) : body).split("/")));
        if (!body.contains("/")) {
            parts.add(0, "**");
        }
        List<String> names = List.of(path.split("/"));
        for (int length = 1; length <= names.size(); length++) {
            boolean folder = length < names.size() || directory;
            if ((folder || !folderOnly) && matches(parts, names.subList(0, length))) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(List<String> parts, List<String> names) {
        if (parts.isEmpty()) {
            return names.isEmpty();
        }
        List<String> rest = parts.subList(1, parts.size());
        if (parts.get(0).equals("**")) {
            if (rest.isEmpty()) {
                return !names.isEmpty();
            }
            for (int skip = 0; skip <= names.size(); skip++) {
                if (matches(rest, names.subList(skip, names.size()))) {
                    return true;
                }
            }
            return false;
        }
        String regex = parts.get(0).replace("*", ".*").replace("?", ".").replace("[!", "[^");
        return !names.isEmpty()
                && Pattern.matches(regex, names.get(0))
                && matches(rest, names.subList(1, names.size()));
    }
}
