package dev.holdfast.agent.browse;

import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.NameText;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A shell pattern for {@code find}. Without a slash it is compared with names, else with whole paths from the volume's root. {@code *}
 * stands for any characters but slashes, {@code ?} for one, {@code [a-z]} and {@code [!a-z]} for one of a set, {@code **} between
 * slashes for any number of folders; a backslash takes the next character as it is, and {@code \xNN} is a byte. What is not UTF-8 in
 * a name counts as one character for each byte.
 */
public final class PathGlob {
    private final Pattern pattern;
    private final boolean wholePath;

    private PathGlob(Pattern pattern, boolean wholePath) {
        this.pattern = pattern;
        this.wholePath = wholePath;
    }

    /** Throws {@code IllegalArgumentException} with the reason, in lower case, when the pattern is malformed. */
    public static PathGlob compile(String glob, boolean ignoreCase) {
        boolean wholePath = glob.contains("/");
        String body = wholePath ? glob.replaceAll("^/+", "") : glob;
        if (body.isEmpty()) {
            throw new IllegalArgumentException("an empty pattern");
        }
        int flags = Pattern.DOTALL | (ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0);
        try {
            return new PathGlob(Pattern.compile(translate(NameText.quoted(body)), flags), wholePath);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("a malformed set: " + e.getDescription(), e);
        }
    }

    private static String translate(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int at = 0; at < glob.length(); at++) {
            char c = glob.charAt(at);
            boolean componentStart = at == 0 || glob.charAt(at - 1) == '/';
            if (componentStart && glob.startsWith("**/", at)) {
                regex.append("(?:[^/]+/)*");
                at += 2;
            } else if (componentStart && glob.substring(at).equals("**")) {
                regex.append(".+");
                at++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[') {
                at = set(glob, at, regex);
            } else {
                int literal = c == '\\' && at + 1 < glob.length() ? glob.codePointAt(++at) : glob.codePointAt(at);
                regex.append(Pattern.quote(Character.toString(literal)));
                at += Character.charCount(literal) - 1;
            }
        }
        return regex.toString();
    }

    /** Appends the set that begins at {@code start}; the answer is where it ends. */
    private static int set(String glob, int start, StringBuilder regex) {
        int from = start + 1;
        boolean negated = from < glob.length() && (glob.charAt(from) == '!' || glob.charAt(from) == '^');
        from += negated ? 1 : 0;
        int end = glob.indexOf(']', from + 1);
        if (end < 0) {
            throw new IllegalArgumentException("a set that is not closed: '" + glob.substring(start) + "'");
        }
        regex.append(negated ? "[^/" : "[");
        for (int at = from; at < end; at++) {
            char c = glob.charAt(at);
            if (c == '[' || c == ']' || c == '\\' || c == '^' || c == '&') {
                regex.append('\\');
            }
            regex.append(c);
        }
        regex.append(']');
        return end;
    }

    public boolean matches(EntryPath path) {
        return pattern.matcher(NameText.carried(wholePath ? path.toBytes() : path.name()))
                .matches();
    }
}
