package dev.holdfast.core.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** The text of a configuration file, to quote from: it turns places into problems with their line. */
final class SourceText {
    private static final int SHOWN = 120;
    private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");
    /**
     * A token, a password, the header that carries one, what comes after the host in an address and the password in it must not be
     * quoted on a screen or in a log, whatever is wrong beside it.
     */
    private static final Pattern SECRET = Pattern.compile(
            "(?i)(?:token|role_id|secret_id|password|secret|key|auth|authorization|cookie|signature)[\"']?\\s*:\\s*"
                    + "([|>][+-]?\\s*)?(?<secret>\"[^\"]*\"?|'[^']*'?|[^\\s,}#]+)"
                    + "|://(?<login>[^/@\\s\"']+)@"
                    + "|://[^/@\\s\"']+/(?<path>[^\\s\"',}]+)");

    private static final List<String> GROUPS = List.of("secret", "login", "path");

    private final String file;
    private final List<String> lines;

    SourceText(String file, String text) {
        this.file = file;
        this.lines = List.of(LINE_END.split(withoutSecrets(text), -1));
    }

    String file() {
        return file;
    }

    int lineCount() {
        return lines.size();
    }

    ConfigurationProblem whole(String message, String suggestion) {
        return new ConfigurationProblem(file, 0, 0, message, "", 0, 0, suggestion);
    }

    /** A problem just after the last character. */
    ConfigurationProblem atEnd(String message, String suggestion) {
        String last = lines.get(lines.size() - 1);
        return at(lines.size() - 1, last.codePointCount(0, last.length()), 1, message, suggestion);
    }

    ConfigurationProblem at(Node node, String message, String suggestion) {
        Mark start = node.getStartMark().orElseThrow(() -> new IllegalStateException("a node without a place"));
        int width = node.getEndMark()
                .filter(end -> end.getLine() == start.getLine())
                .map(end -> end.getColumn() - start.getColumn())
                .orElse(1);
        return at(start.getLine(), start.getColumn(), width, message, suggestion);
    }

    /** A problem at a place counted from 0. */
    ConfigurationProblem at(int line, int column, int width, String message, String suggestion) {
        int[] points = shown(line).codePoints().toArray();
        int start = Math.min(column, points.length);
        int from = start <= SHOWN * 2 / 3 ? 0 : start - SHOWN / 2;
        int to = Math.min(points.length, from + SHOWN);
        String before = from > 0 ? "…" : "";
        String quoted = before + new String(points, from, to - from) + (to < points.length ? "…" : "");
        int caret = start - from + before.length();
        int mark = Math.max(1, Math.min(width, to - start));
        return new ConfigurationProblem(file, line + 1, column + 1, message, quoted, caret, mark, suggestion);
    }

    private String shown(int line) {
        return plain(line < lines.size() ? lines.get(line) : "");
    }

    /** Stars in the place of secrets, one for each character, so that columns stay true. */
    private static String withoutSecrets(String text) {
        StringBuilder safe = new StringBuilder(text);
        Matcher matcher = SECRET.matcher(text);
        while (matcher.find()) {
            String group = GROUPS.stream()
                    .filter(one -> matcher.group(one) != null)
                    .findFirst()
                    .orElseThrow();
            for (int i = matcher.start(group); i < matcher.end(group); i++) {
                safe.setCharAt(i, text.charAt(i) == '\n' || text.charAt(i) == '\r' ? text.charAt(i) : '*');
            }
        }
        return safe.toString();
    }

    /** The text without characters that would move the cursor or hide something; tabs become one blank. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints().forEach(point -> plain.appendCodePoint(plain(point)));
        return plain.toString();
    }

    private static int plain(int point) {
        if (point == '\t') {
            return ' ';
        }
        int type = Character.getType(point);
        boolean unsafe = type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
        return unsafe ? '\ufffd' : point;
    }
}
