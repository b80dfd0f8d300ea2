package dev.holdfast.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonOutputTest {
    private final Screen screen = Screen.pipes();
    private final JsonOutput json = new JsonOutput(screen.terminal().out());

    @Test
    void oneObjectPerLine() {
        json.line(
                "summary",
                line -> line.text("snapshot_id", "ab\n\"c")
                        .number("files_new", 3)
                        .number("total_duration", 1.25)
                        .flag("dry_run", false)
                        .time("time", Instant.parse("2026-11-20T12:00:00Z"))
                        .texts("paths", List.of("a", "b"))
                        .object("host", host -> host.text("name", "alice"))
                        .objects("volumes", List.of("v", "w"), (volume, name) -> volume.text("name", name)));
        json.line("summary", line -> {});

        assertThat(screen.out().lines())
                .containsExactly(
                        "{\"message_type\":\"summary\",\"snapshot_id\":\"ab\\n\\\"c\",\"files_new\":3,"
                                + "\"total_duration\":1.25,\"dry_run\":false,\"time\":\"2026-11-20T12:00:00Z\","
                                + "\"paths\":[\"a\",\"b\"],\"host\":{\"name\":\"alice\"},"
                                + "\"volumes\":[{\"name\":\"v\"},{\"name\":\"w\"}]}",
                        "{\"message_type\":\"summary\"}");
    }

    @Test
    void namesAreSnakeCase() {
        assertThatThrownBy(() -> json.line("summary", line -> line.number("filesNew", 3)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
