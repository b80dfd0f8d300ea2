package dev.holdfast.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** One line, redrawn in place: {@code [#####-----]  50 %  120 files  1.2 GiB / 2.4 GiB  35.0 MiB/s  left 0:35  a/b/c}. */
final class ProgressBar implements ProgressDisplay.Painter {
    /** From the widest to the narrowest. */
    private enum Form {
        WIDE(20, true, true),
        SHORT_BAR(10, true, true),
        WITHOUT_PHASE(10, false, true),
        WITHOUT_FILES(10, false, false),
        WITHOUT_BAR(0, false, false);

        private final int barWidth;
        private final boolean withPhase;
        private final boolean withFiles;

        Form(int barWidth, boolean withPhase, boolean withFiles) {
            this.barWidth = barWidth;
            this.withPhase = withPhase;
            this.withFiles = withFiles;
        }
    }

    /** To the first column, clear to the end of the line. */
    private static final String WIPE = "\r\u001b[K";

    private final PrintStream err;
    private final ProgressMeter meter;
    private final int width;

    ProgressBar(Terminal terminal, ProgressMeter meter) {
        this.err = terminal.err();
        this.meter = meter;
        // A line of the full width makes some terminals wrap.
        this.width = terminal.shape().width() - 1;
    }

    @Override
    public void tick() {
        err.print(WIPE + line());
        err.flush();
    }

    @Override
    public void notice(String message) {
        err.print(WIPE);
        err.println(SafeText.of(message));
        tick();
    }

    @Override
    public void end(boolean complete) {
        err.print(WIPE);
        err.flush();
    }

    private String line() {
        String line = fitting();
        int room = width - Texts.width(line) - 2;
        String current = SafeText.of(meter.current());
        if (room >= 10 && !current.isEmpty()) {
            line += "  " + Texts.shortenPath(current, room);
        }
        return Texts.cut(line, width);
    }

    /** What a person waits for, the time left, is last in the line and goes last: before it go the phase, the files and the bar. */
    private String fitting() {
        String line = "";
        for (Form form : Form.values()) {
            line = line(form);
            if (Texts.width(line) <= width) {
                return line;
            }
        }
        return line;
    }

    private String line(Form form) {
        List<String> parts = new ArrayList<>();
        meter.fraction().ifPresent(done -> parts.add(bar(done, form.barWidth)));
        if (form.withPhase && !meter.phase().isEmpty()) {
            parts.add(SafeText.of(meter.phase()));
        }
        if (form.withFiles) {
            parts.add(Texts.count(meter.files(), "file"));
        }
        parts.add(amount());
        OptionalDouble rate = meter.bytesPerSecond();
        rate.ifPresent(bytes -> parts.add(Sizes.show((long) bytes) + "/s"));
        meter.remaining().ifPresent(left -> parts.add("left " + Durations.clock(left)));
        return String.join("  ", parts);
    }

    private String amount() {
        String done = Sizes.show(meter.bytes());
        return done + meter.wholeSize().map(whole -> " / " + whole).orElse("");
    }

    private static String bar(double done, int barWidth) {
        int filled = (int) (done * barWidth);
        String bar = barWidth == 0 ? "" : "[" + "#".repeat(filled) + "-".repeat(barWidth - filled) + "] ";
        return bar + Texts.percent(done);
    }
}
