package dev.holdfast.agent.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.agent.leftover.OpenWork;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.config.Listen;
import dev.holdfast.core.daemon.LockedFile;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class StatusPortTest {
    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private static Listen free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new Listen(Optional.of("127.0.0.1"), socket.getLocalPort());
        }
    }

    private HttpResponse<String> ask(Listen listen, String method, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + listen + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private Desk desk() throws IOException {
        Desk desk = new Desk(
                folder,
                "2026-11-20T12:00:00Z",
                "jobs: [" + Desk.daily("photos", "02:00") + "," + Desk.daily("notes", "03:00") + "]");
        desk.at("2026-11-21T01:00:00Z");
        Job job = desk.scheduler().begin().orElseThrow();
        desk.succeed(job);
        desk.at("2026-11-21T02:00:00Z");
        desk.fail(desk.scheduler().begin().orElseThrow(), ProblemCode.UNREACHABLE);
        return desk.at("2026-11-21T02:16:00Z");
    }

    private Path state() {
        return folder.resolve("state");
    }

    private HostReport report(Desk desk) {
        return new HostReport(desk.scheduler().report("alice"), OpenWork.in(state()));
    }

    /** As killed runs leave them: a container that is stopped, a hook to be run, a restore half done. */
    private void leaveThings() throws IOException {
        Files.createDirectories(state().resolve("hooks"));
        Files.writeString(state().resolve("standstill"), "engine unix:///nowhere\nstop 0123 app\n");
        Files.writeString(state().resolve("hooks/photos"), "after\n");
        markRestore("01", "left");
    }

    private Path markRestore(String name, String target) throws IOException {
        Path volume = Files.createDirectories(folder.resolve(target));
        return Files.writeString(
                Files.createDirectories(state()).resolve("restore-" + name + ".unfinished"),
                "target " + volume + "\ninto notes\nsnapshot 1a2b3c4d5e\nof bob/mail\nagain holdfast restore mail\n");
    }

    @Test
    void whatInterruptedRunsHaveLeftIsInBoth() throws Exception {
        Listen listen = free();
        Desk desk = desk();
        leaveThings();
        try (StatusPort port = StatusPort.open(listen, () -> report(desk))) {
            assertThat(port).isNotNull();
            JsonNode left = new ObjectMapper()
                    .readTree(ask(listen, "GET", "/status").body())
                    .path("leftovers");
            assertThat(left)
                    .extracting(one -> one.path("subject").asText())
                    .containsExactly("restore", "containers", "hooks of photos");
            assertThat(left.path(0).path("message").asText())
                    .contains("snapshot 1a2b3c4d of bob/mail into " + folder.resolve("left"), "is not finished");
            assertThat(left.path(0).path("hint").asText()).contains("`holdfast restore mail`");
            assertThat(left.path(1).path("message").asText()).endsWith("container app");
            assertThat(ask(listen, "GET", "/metrics").body().lines())
                    .contains(
                            "# TYPE holdfast_leftovers gauge",
                            "holdfast_leftovers{host=\"alice\",kind=\"restore\"} 1",
                            "holdfast_leftovers{host=\"alice\",kind=\"containers\"} 1",
                            "holdfast_leftovers{host=\"alice\",kind=\"hook\"} 1",
                            "holdfast_leftovers{host=\"alice\",kind=\"unknown\"} 0",
                            "holdfast_restores_running{host=\"alice\"} 0");
        }
    }

    @Test
    void aRestoreThatIsAtWorkIsInBothAndIsNoLeftover() throws Exception {
        Listen listen = free();
        Desk desk = desk();
        try (StatusPort port = StatusPort.open(listen, () -> report(desk));
                LockedFile atWork = LockedFile.takeIfFree(markRestore("02", "now"), "marker")
                        .orElseThrow()) {
            assertThat(port).isNotNull();
            assertThat(atWork.read(6)).isEqualTo("target");
            JsonNode status =
                    new ObjectMapper().readTree(ask(listen, "GET", "/status").body());
            assertThat(status.path("leftovers")).isEmpty();
            JsonNode restore = status.path("restores").path(0);
            assertThat(restore.path("target").asText())
                    .isEqualTo(folder.resolve("now").toString());
            assertThat(restore.path("volume").asText()).isEqualTo("notes");
            assertThat(restore.path("snapshot_id").asText()).isEqualTo("1a2b3c4d");
            assertThat(restore.path("source").asText()).isEqualTo("bob/mail");
            assertThat(Instant.parse(restore.path("since").asText())).isAfter(Instant.EPOCH);
            assertThat(ask(listen, "GET", "/metrics").body().lines())
                    .contains(
                            "holdfast_leftovers{host=\"alice\",kind=\"restore\"} 0",
                            "# TYPE holdfast_restores_running gauge",
                            "holdfast_restores_running{host=\"alice\"} 1");
        }
    }

    @Test
    void aStateFolderThatCannotBeReadIsToldOf() throws Exception {
        Listen listen = free();
        Desk desk = desk();
        Files.writeString(state(), "no folder");
        try (StatusPort port = StatusPort.open(listen, () -> report(desk))) {
            assertThat(port).isNotNull();
            assertThat(ask(listen, "GET", "/status").body())
                    .contains("\"subject\":\"interrupted runs\"", "cannot be read");
            assertThat(ask(listen, "GET", "/metrics").body())
                    .contains("holdfast_leftovers{host=\"alice\",kind=\"unknown\"} 1\n");
        }
    }

    @Test
    void theStatusIsToldAsJson() throws Exception {
        Listen listen = free();
        Desk desk = desk();
        try (StatusPort port = StatusPort.open(listen, () -> report(desk))) {
            assertThat(port.port()).isEqualTo(listen.port());
            HttpResponse<String> answer = ask(listen, "GET", "/status");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
            JsonNode status = new ObjectMapper().readTree(answer.body());
            assertThat(status.path("host").asText()).isEqualTo("alice");
            assertThat(status.path("overdue").asBoolean()).isTrue();
            JsonNode photos = status.path("jobs").path(0);
            assertThat(photos.path("volume").asText()).isEqualTo("photos");
            assertThat(photos.path("last_run").path("result").asText()).isEqualTo("done");
            assertThat(photos.path("last_run").path("bytes").asLong()).isEqualTo(2);
            JsonNode notes = status.path("jobs").path(1);
            assertThat(notes.path("last_run").path("problem").asText()).isEqualTo("HF-UNREACHABLE");
            assertThat(notes.path("retry_at").asText()).isEqualTo("2026-11-21T02:01:00Z");
        }
    }

    @Test
    void theMetricsAreThoseOfPrometheus() throws Exception {
        Listen listen = free();
        Desk desk = desk();
        try (StatusPort port = StatusPort.open(listen, () -> report(desk))) {
            assertThat(port).isNotNull();
            HttpResponse<String> answer = ask(listen, "GET", "/metrics");
            assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain; version=0.0.4");
            String photos = "{host=\"alice\",volume=\"photos\",server=\"attic\",schedule=\"daily at 02:00\"} ";
            String notes = "{host=\"alice\",volume=\"notes\",server=\"attic\",schedule=\"daily at 03:00\"} ";
            assertThat(answer.body().lines())
                    .contains(
                            "# TYPE holdfast_backup_overdue gauge",
                            "holdfast_schedule_paused{host=\"alice\"} 0",
                            "holdfast_backup_overdue" + photos + "0",
                            "holdfast_backup_overdue" + notes + "1",
                            "holdfast_backup_last_status" + photos + "0",
                            "holdfast_backup_last_status" + notes + "2",
                            "holdfast_backup_last_success_timestamp_seconds" + photos + "1795222800",
                            "holdfast_backup_last_size_bytes" + photos + "2")
                    .noneMatch(line -> line.startsWith("holdfast_backup_last_success_timestamp_seconds" + notes));
            assertThat(answer.body().lines().filter(line -> !line.startsWith("#")))
                    .allMatch(line -> line.matches("[a-z_]+\\{([a-z]+=\"[^\"]*\",?)+} [0-9.]+"));
        }
    }

    @Test
    void nothingCanBeChangedThroughItAndNothingElseBeSeen() throws Exception {
        Listen listen = free();
        Desk desk = desk();
        try (StatusPort port = StatusPort.open(listen, () -> report(desk))) {
            assertThat(port).isNotNull();
            assertThat(ask(listen, "POST", "/status").statusCode()).isEqualTo(405);
            assertThat(ask(listen, "DELETE", "/metrics").statusCode()).isEqualTo(405);
            assertThat(ask(listen, "HEAD", "/status").statusCode()).isEqualTo(200);
            assertThat(ask(listen, "GET", "/").statusCode()).isEqualTo(404);
            assertThat(ask(listen, "GET", "/status/../../etc/passwd").statusCode())
                    .isEqualTo(404);
            assertThat(ask(listen, "GET", "/statuses").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void thePortFollowsTheConfigurationAndATakenOneIsNoFailure() throws Exception {
        Listen first = free();
        Desk desk = desk();
        try (StatusPorts ports = new StatusPorts(() -> report(desk), Optional.empty())) {
            ports.serve(Optional.of(first));
            assertThat(ask(first, "GET", "/status").statusCode()).isEqualTo(200);
            try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                ports.serve(Optional.of(new Listen(Optional.of("127.0.0.1"), taken.getLocalPort())));
            }
            assertThatThrownBy(() -> ask(first, "GET", "/status")).isInstanceOf(IOException.class);
            ports.serve(Optional.of(first));
            assertThat(ask(first, "GET", "/status").statusCode()).isEqualTo(200);
            ports.serve(Optional.empty());
            assertThatThrownBy(() -> ask(first, "GET", "/status")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aPortThatWasTakenIsServedWhenItIsFree() throws Exception {
        Desk desk = desk();
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Listen listen = new Listen(Optional.of("127.0.0.1"), taken.getLocalPort());
        try (StatusPorts ports = new StatusPorts(() -> report(desk), Optional.of(listen))) {
            assertThat(ports.trouble().orElseThrow())
                    .startsWith("no status for monitoring at " + listen + ": ")
                    .contains("in use");
            taken.close();
            ports.look();
            assertThat(ask(listen, "GET", "/status").statusCode()).isEqualTo(200);
            assertThat(ports.trouble()).isEmpty();
        }
        assertThatThrownBy(() -> ask(listen, "GET", "/status")).isInstanceOf(IOException.class);
    }
}
