package dev.holdfast.cli.terminal;

import java.util.List;

/** For programs: restic's {@code status} message, once a second. */
final class ProgressJson implements ProgressDisplay.Painter {
    private final JsonOutput json;
    private final ProgressMeter meter;

    ProgressJson(Terminal terminal, ProgressMeter meter) {
        this.json = new JsonOutput(terminal.err());
        this.meter = meter;
    }

    @Override
    public void tick() {
        json.line("status", line -> {
            line.number("seconds_elapsed", meter.elapsed().toSeconds());
            meter.remaining().ifPresent(left -> line.number("seconds_remaining", left.toSeconds()));
            line.number("percent_done", meter.fraction().orElse(0));
            line.number("total_files", meter.totalFiles());
            line.number("files_done", meter.files());
            line.number("total_bytes", meter.totalBytes());
            line.number("bytes_done", meter.bytes());
            line.number("bytes_transferred", meter.transferredBytes());
            line.text("phase", meter.phase());
            line.texts("current_files", meter.current().isEmpty() ? List.of() : List.of(meter.current()));
        });
    }

    @Override
    public void notice(String message) {
        json.line("notice", line -> line.text("message", message));
    }

    @Override
    public void end(boolean complete) {
        tick();
    }
}
