package dev.holdfast.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** One line, redrawn in place: {@code [#####-----]  50 %  120 files  1.2 GiB / 2.4 GiB  35.0 MiB/s  left 0:35  a/b/c}. */
final class ProgressBar implements ProgressDisplay.Painter {
    private static final int BAR_WIDTH = 20;
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
    public void end() {
        err.print(WIPE);
        err.flush();
    }

    private String line() {
        List<String> parts = new ArrayList<>();
        meter.fraction().ifPresent(done -> parts.add(bar(done)));
        if (!meter.phase().isEmpty()) {
            parts.add(SafeText.of(meter.phase()));
        }
        parts.add(Texts.count(meter.files(), "file"));
        parts.add(amount());
        OptionalDouble rate = meter.bytesPerSecond();
        rate.ifPresent(bytes -> parts.add(Sizes.show((long) bytes) + "/s"));
        meter.remaining().ifPresent(left -> parts.add("left " + Durations.clock(left)));
        String line = String.join("  ", parts);
        int room = width - Texts.width(line) - 2;
        String current = SafeText.of(meter.current());
        if (room >= 10 && !current.isEmpty()) {
            line += "  " + Texts.shortenPath(current, room);
        }
        return Texts.cut(line, width);
    }

    private String amount() {
        String done = Sizes.show(meter.bytes());
        return done + meter.wholeSize().map(whole -> " / " + whole).orElse("");
    }

    private static String bar(double done) {
        int filled = (int) (done * BAR_WIDTH);
        return "[" + "#".repeat(filled) + "-".repeat(BAR_WIDTH - filled) + "] " + Texts.percent(done);
    }
}
