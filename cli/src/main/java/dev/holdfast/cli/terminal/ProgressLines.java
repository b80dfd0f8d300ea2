package dev.holdfast.cli.terminal;

import java.io.PrintStream;
import java.time.Duration;

/** For logs and cron mail: few lines, each of which can be read alone. */
final class ProgressLines implements ProgressDisplay.Painter {
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

    private final PrintStream err;
    private final String verb;
    private final ProgressMeter meter;
    private final boolean framed;
    private boolean begun;
    private int tenths;
    private Duration lastLine = Duration.ZERO;

    private ProgressLines(String verb, Terminal terminal, ProgressMeter meter, boolean framed) {
        this.err = terminal.err();
        this.verb = verb;
        this.meter = meter;
        this.framed = framed;
    }

    /** With a line when there is work for it, and then one at the end: of what fails before, only the failure is told. */
    static ProgressLines ofRun(String verb, Terminal terminal, ProgressMeter meter) {
        return new ProgressLines(verb, terminal, meter, true);
    }

    static ProgressLines ofPreparation(String verb, Terminal terminal, ProgressMeter meter) {
        return new ProgressLines(verb, terminal, meter, false);
    }

    @Override
    public void tick() {
        begin();
        Duration elapsed = meter.elapsed();
        int reached = (int) (meter.fraction().orElse(0) * 10);
        // The last tenth is the summary's.
        boolean further = reached > tenths && reached < 10;
        if (further || elapsed.minus(lastLine).compareTo(LONGEST_SILENCE) >= 0) {
            tenths = Math.max(tenths, reached);
            lastLine = elapsed;
            err.println(verb + ": " + line());
        }
    }

    private void begin() {
        if (framed && !begun && meter.hasBegun()) {
            begun = true;
            err.println(verb + ": started");
        }
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        meter.fraction()
                .ifPresent(done -> line.append(Texts.percent(done).strip()).append(", "));
        line.append(Texts.count(meter.files(), "file")).append(", ").append(Sizes.show(meter.bytes()));
        meter.wholeSize().ifPresent(whole -> line.append(" of ").append(whole));
        meter.bytesPerSecond()
                .ifPresent(rate ->
                        line.append(", ").append(Sizes.show((long) rate)).append("/s"));
        meter.remaining()
                .ifPresent(
                        left -> line.append(", ").append(Durations.words(left)).append(" left"));
        return line.toString();
    }

    @Override
    public void notice(String message) {
        err.println(verb + ": " + SafeText.of(message));
    }

    @Override
    public void end(boolean complete) {
        begin();
        if (!begun) {
            return;
        }
        err.println(
                verb + (complete ? ": ended after " : ": broken off after ") + Durations.words(meter.elapsed()) + ", "
                        + Texts.count(meter.files(), "file") + ", " + Sizes.show(meter.bytes()) + ", "
                        + Sizes.show((long) meter.averageBytesPerSecond()) + "/s");
    }
}
