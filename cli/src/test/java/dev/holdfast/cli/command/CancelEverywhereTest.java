package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders that name no server where there are several. */
final class CancelEverywhereTest {
    private static final Problem NOTHING = Problem.of(ProblemCode.NOT_FOUND, "there is nothing to stop", "");
    private static final Problem NO_AGENT = Problem.of(ProblemCode.UNREACHABLE, "the agent is not connected", "");
    private static final Problem BUSY = Problem.of(ProblemCode.BUSY, "not everything has ended", "");
    private static final Problem AWAY = Problem.of(ProblemCode.UNREACHABLE, "cannot reach server", "Try later.");

    @TempDir
    Path folder;

    private final Map<String, Problem> answers = new HashMap<>();
    private final Map<String, Problem> away = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private List<Server> servers = List.of();

    @BeforeEach
    void configure() throws IOException {
        servers = configuration("").servers();
    }

    private Configuration configuration(String jobs) throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(file, """
                servers:
                  - { name: attic, hostname: 127.0.0.1, port: 1, data: data }
                  - { name: annex, hostname: 127.0.0.1, port: 2, data: other }
                clients:
                  - { name: alice, backup: [photos]%s }
                volumes:
                  - { name: photos, path: photos }
                """.formatted(jobs.isEmpty() ? "" : ", schedule: { jobs: [" + jobs + "] }"));
        return ConfigurationReader.read(file).orThrow();
    }

    private static String job(String server) {
        return "{ server: " + server + ", volume: photos, schedule: '@daily' }";
    }

    private Optional<Problem> cancel() {
        told.clear();
        return new CancelEverywhere(server -> {
                    Optional.ofNullable(away.get(server.name())).ifPresent(why -> {
                        throw why.asException();
                    });
                    return new OrderEnd(
                            new UUID(0, 0),
                            Optional.ofNullable(answers.get(server.name())),
                            RunReport.Made.NOTHING,
                            "");
                })
                .through(
                        servers,
                        problem -> told.add(problem.message()),
                        (server, end) -> told.add("stopped through " + server.name()));
    }

    @Test
    void theServerThatHasTheOrderStopsIt() {
        answers.put("attic", NOTHING);
        assertThat(cancel()).isEmpty();
        assertThat(told).containsExactly("stopped through annex");
        answers.put("attic", NO_AGENT);
        assertThat(cancel()).isEmpty();
        assertThat(told).containsExactly("stopped through annex");
        away.put("attic", AWAY);
        assertThat(cancel()).isEmpty();
        assertThat(told).containsExactly("stopped through annex", "cannot reach server");
    }

    @Test
    void whereNothingIsStoppedItIsSaidWhy() {
        answers.putAll(Map.of("attic", NO_AGENT, "annex", NOTHING));
        assertThat(cancel()).contains(NOTHING);
        answers.put("annex", NO_AGENT);
        assertThat(cancel()).contains(NO_AGENT);
        answers.put("annex", BUSY);
        assertThat(cancel()).contains(BUSY);
        answers.put("annex", NOTHING);
        away.put("attic", AWAY);
        assertThat(cancel()).as("it may have the order").contains(AWAY);
        assertThat(told).isEmpty();
    }

    @Test
    void aBackupGoesToTheServerOfTheOnlyJobOrTheCandidatesAreNamed() throws IOException {
        assertThat(JobServer.of(configuration(job("annex")), "alice", "photos").name())
                .isEqualTo("annex");
        Configuration both = configuration(job("annex") + ", " + job("attic"));
        assertThat(catchProblem(both).message())
                .isEqualTo("jobs of host 'alice' back up 'photos' to several servers: annex, attic");
        assertThat(catchProblem(configuration("")).message())
                .isEqualTo(
                        "no job of host 'alice' says to which server 'photos' goes, and there are several: attic, annex");
        assertThat(catchProblem(both).hint()).contains("--server NAME");
    }

    private static Problem catchProblem(Configuration configuration) {
        return catchThrowableOfType(HoldfastException.class, () -> JobServer.of(configuration, "alice", "photos"))
                .problem();
    }
}
