package dev.holdfast.agent.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.agent.schedule.JobRunner;
import dev.holdfast.agent.schedule.ResidentAgent;
import dev.holdfast.agent.schedule.Waiting;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a host does with what a server says, whoever may have taken that over. */
@Timeout(60)
final class OrderDeskTest {
    private static final UUID ID = new UUID(3, 4);

    @TempDir
    Path folder;

    private final List<String> done = new CopyOnWriteArrayList<>();

    private Path configuration(String remote) throws IOException {
        return Files.writeString(folder.resolve("holdfast.yaml"), """
                servers: [ { name: attic, hostname: attic, port: 10022, data: /d } ]
                clients:
                  - { name: alice, backup: [photos], restore: [bob/notes], remote: %s }
                  - { name: bob, backup: [notes, secrets] }
                volumes: [ { name: photos }, { name: notes }, { name: secrets } ]
                """.formatted(remote));
    }

    private static Order backup(String host, String volume) {
        return new Order(ID, Order.Kind.BACKUP, "olga", host, volume, Order.Restore.NONE);
    }

    private static Order restore(String source, String volume, String toVolume) {
        return new Order(
                ID,
                Order.Kind.RESTORE,
                "olga",
                "alice",
                volume,
                new Order.Restore(source, toVolume, "", "", List.of(), false));
    }

    /** Gives the order to a host whose configuration says that under {@code remote}; what it answers. */
    private OrderEnd give(String remote, Order order) throws Exception {
        Path file = configuration(remote);
        Configuration configuration = ConfigurationReader.read(file).orThrow();
        AgentSetup setup = new AgentSetup(
                "alice",
                file,
                folder.resolve("keys"),
                folder.resolve("state"),
                ZoneId.of("UTC"),
                InstantSource.system(),
                Waiting.real(),
                "holdfast test");
        CountDownLatch ended = new CountDownLatch(1);
        Outbox answers = new Outbox();
        List<Message> told = new ArrayList<>();
        try (ResidentAgent agent = ResidentAgent.open(setup, (read, task, cancelled) -> {
            done.add("backup " + task.volume() + " to " + task.server());
            return new JobRunner.Achievement("1a2b", 1, 2, 3, 0);
        })) {
            Thread worker = new Thread(agent::run);
            worker.start();
            new OrderDesk("alice", agent, (read, server, what, watcher, onCancel) -> {
                        done.add("restore " + what.volume() + " from " + server);
                        return new OrderEnd(what.id(), Optional.empty(), RunReport.Made.NOTHING, "restored");
                    })
                    .take(configuration, "attic", order, answers);
            Thread reader = new Thread(() -> {
                try {
                    Optional<Message> next = answers.next(new Pings());
                    while (next.isPresent() && !(next.get() instanceof Message.OrderEnded)) {
                        next = answers.next(new Pings());
                    }
                    told.add(next.orElseThrow());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    ended.countDown();
                }
            });
            reader.start();
            ended.await();
            agent.stop();
            worker.join();
        }
        return ((Message.OrderEnded) told.get(0)).end();
    }

    private static final class Pings implements Outbox.State {
        @Override
        public Message schedule() {
            return new Message.Ping(0);
        }

        @Override
        public Message restores() {
            return new Message.Ping(1);
        }
    }

    private void assertRefused(ProblemCode code, OrderEnd end) {
        assertThat(end.problem().orElseThrow().code()).isEqualTo(code);
        assertThat(done).isEmpty();
    }

    @Test
    void aBackupThatTheHostMakesAnywayIsMade() throws Exception {
        OrderEnd end = give("backup", backup("alice", "photos"));
        assertThat(end.problem()).isEmpty();
        assertThat(end.made().snapshot()).isEqualTo("1a2b");
        assertThat(done).containsExactly("backup photos to attic");
    }

    @Test
    void aHostThatTakesNoOrdersDoesNothing() throws Exception {
        assertRefused(ProblemCode.DENIED, give("none", backup("alice", "photos")));
        assertRefused(ProblemCode.DENIED, give("none", restore("", "photos", "")));
    }

    @Test
    void noOtherVolumeIsBackedUpAndNoOtherHostStoodInFor() throws Exception {
        assertRefused(ProblemCode.DENIED, give("restore", backup("alice", "secrets")));
        assertRefused(ProblemCode.NOT_FOUND, give("restore", backup("alice", "/etc")));
        assertRefused(ProblemCode.DENIED, give("restore", backup("bob", "notes")));
    }

    @Test
    void aRestoreNeedsMoreThanBackupsDo() throws Exception {
        assertRefused(ProblemCode.DENIED, give("backup", restore("", "photos", "")));
        assertThat(give("restore", restore("", "photos", "")).text()).isEqualTo("restored");
        assertThat(done).containsExactly("restore photos from attic");
    }

    @Test
    void aRefusalNamesTheFileOfThisHostToWhomeverSitsElsewhere() throws Exception {
        String here = folder.toRealPath() + "/";
        assertThat(List.of(
                        give("none", backup("alice", "photos")),
                        give("backup", restore("", "photos", "")),
                        give("restore", backup("alice", "secrets")),
                        give("restore", restore("bob", "secrets", "photos"))))
                .allSatisfy(end -> assertThat(end.problem().orElseThrow().hint())
                        .contains("n host 'alice'")
                        .contains(here));
        assertThat(give("restore", backup("alice", "photo"))
                        .problem()
                        .orElseThrow()
                        .hint())
                .isEqualTo("On host 'alice': Did you mean 'photos'?");
    }

    @Test
    void whatTheHostMayNotReadIsNotRestoredWhoeverWantsIt() throws Exception {
        assertRefused(ProblemCode.DENIED, give("restore", restore("bob", "secrets", "photos")));
        assertRefused(ProblemCode.USAGE, give("restore", restore("bob", "notes", "../../etc")));
        assertThat(give("restore", restore("bob", "notes", "photos")).problem()).isEmpty();
    }

    @Test
    void aVolumeThatTheConfigurationDoesNotNameIsForTheRestoreToMakeOrRefuse() throws Exception {
        assertThat(give("restore", restore("bob", "notes", "notes_of_yesterday"))
                        .text())
                .isEqualTo("restored");
    }

    @Test
    void aPlanIsForThoseWhoMayRestore() throws Exception {
        Order plan = new Order(ID, Order.Kind.PLAN, "olga", "alice", "photos", Order.Restore.NONE);
        assertRefused(ProblemCode.DENIED, give("backup", plan));
        assertThat(give("restore", plan).text()).isEqualTo("restored");
    }
}
