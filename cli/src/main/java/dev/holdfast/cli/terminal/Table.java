package dev.holdfast.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows whose columns line up, numbers to the right. On a terminal the widest text column gives way until a row fits; elsewhere
 * nothing is cut, since a program or a log will read it.
 */
public final class Table {
    /** A heading and the side to which its cells lean. */
    public record Column(String title, boolean right) {
        public static Column text(String title) {
            return new Column(title, false);
        }

        public static Column number(String title) {
            return new Column(title, true);
        }
    }

    private static final String GAP = "  ";
    private static final int NARROWEST = 8;
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /** One cell for each column; control characters in them are made harmless. */
    public Table row(String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        rows.add(Arrays.stream(cells).map(SafeText::of).toList());
        return this;
    }

    /** Writes heading and rows to the terminal's stdout. */
    public void print(Terminal terminal) {
        int[] widths = widths();
        if (terminal.shape().outIsTerminal()) {
            fit(widths, terminal.shape().width());
        }
        List<String> titles = columns.stream().map(Column::title).toList();
        String heading = line(titles, widths);
        terminal.out().println(terminal.coloursOut() ? BOLD + heading + PLAIN : heading);
        rows.forEach(row -> terminal.out().println(line(row, widths)));
    }

    private int[] widths() {
        int[] widths = new int[columns.size()];
        for (int at = 0; at < widths.length; at++) {
            widths[at] = columns.get(at).title().length();
            for (List<String> row : rows) {
                widths[at] = Math.max(widths[at], Texts.width(row.get(at)));
            }
        }
        return widths;
    }

    private void fit(int[] widths, int room) {
        int excess = Arrays.stream(widths).sum() + GAP.length() * (widths.length - 1) - room;
        while (excess > 0) {
            int widest = widestText(widths);
            if (widest < 0 || widths[widest] <= NARROWEST) {
                return;
            }
            widths[widest]--;
            excess--;
        }
    }

    private int widestText(int[] widths) {
        int widest = -1;
        for (int at = 0; at < widths.length; at++) {
            if (!columns.get(at).right() && (widest < 0 || widths[at] > widths[widest])) {
                widest = at;
            }
        }
        return widest;
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int at = 0; at < widths.length; at++) {
            String cell = Texts.cut(cells.get(at), widths[at]);
            String padding = " ".repeat(Math.max(0, widths[at] - Texts.width(cell)));
            line.append(at == 0 ? "" : GAP).append(columns.get(at).right() ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }
}
