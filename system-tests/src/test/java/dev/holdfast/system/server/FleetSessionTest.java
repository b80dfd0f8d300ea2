package dev.holdfast.system.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may tell, ask and want what of the fleet, said by hand over real SSH. */
@Timeout(120)
final class FleetSessionTest {
    private static final UUID ID = new UUID(5, 6);

    @TempDir
    Path folder;

    private ServerWithHosts site;

    @BeforeEach
    void open() throws Exception {
        site = new ServerWithHosts(folder);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Conversation greeted(String who) throws Exception {
        Conversation conversation = new Conversation(site.connect(who));
        conversation.greetAsOneThatStays();
        return conversation;
    }

    private static Message.Announce announcement(String volume) {
        return new Message.Announce(new Announcement(
                false,
                "UTC",
                List.of(new Announcement.Job(volume, "@daily", Optional.empty(), List.of(Duration.ofHours(2))))));
    }

    private static Message.Report report(String volume) {
        return new Message.Report(new RunReport(
                volume,
                RunReport.Result.FAILED,
                1,
                "",
                Duration.ZERO,
                Duration.ZERO,
                RunReport.Made.NOTHING,
                new RunReport.Failure("HF-IO", "the disk is on fire", "Put it out.")));
    }

    private static Message.GiveOrder order(UUID id, String host) {
        return new Message.GiveOrder(
                new Order(id, Order.Kind.BACKUP, "somebody else", host, "photos", Order.Restore.NONE));
    }

    @Test
    void everybodySeesWhatTheyMayAndNoMore() throws Exception {
        try (Conversation alice = greeted("alice");
                Conversation rita = greeted("rita");
                Conversation olga = greeted("olga")) {
            alice.say(announcement("photos"));
            alice.say(report("photos"));
            assertThat(alice.fleet()).singleElement().satisfies(one -> {
                assertThat(one.host()).isEqualTo("alice");
                assertThat(one.agent().connected()).isTrue();
                assertThat(one.failed()).isTrue();
            });
            assertThat(rita.fleet()).extracting(VolumeStatus::host).containsExactly("alice", "bob");
            assertThat(olga.fleet()).extracting(VolumeStatus::host).containsExactly("alice", "bob");
        }
    }

    @Test
    void whatAHostSaysCountsForItselfAndForWhatTheServerKnows() throws Exception {
        try (Conversation alice = greeted("alice");
                Conversation rita = greeted("rita")) {
            for (int i = 0; i < 600; i++) {
                alice.say(report("volume" + i));
            }
            alice.say(announcement("nonsense"));
            alice.assertAnswers();
            assertThat(rita.fleet())
                    .hasSize(2)
                    .allSatisfy(one -> assertThat(one.run()).isEmpty());
        }
    }

    @Test
    void anOrderReachesTheHostUnderTheOperatorsOwnName() throws Exception {
        try (Conversation alice = greeted("alice");
                Conversation olga = greeted("olga")) {
            alice.say(announcement("photos"));
            alice.assertAnswers();
            olga.say(order(ID, "alice"));
            Order given = ((Message.GiveOrder) alice.hear()).order();
            assertThat(given.by()).isEqualTo("olga");
            alice.say(new Message.OrderAdvanced(new OrderProgress(ID, "reading", 1, 2, 3, 4, "")));
            assertThat(((Message.OrderAdvanced) olga.hear()).progress().files()).isEqualTo(1);
            olga.say(new Message.CancelOrder(ID));
            assertThat(alice.hear()).isEqualTo(new Message.CancelOrder(ID));
            alice.say(new Message.OrderEnded(
                    new OrderEnd(ID, Optional.empty(), new RunReport.Made("1a2b", 1, 2, 3, 0), "")));
            assertThat(((Message.OrderEnded) olga.hear()).end().made().snapshot())
                    .isEqualTo("1a2b");
        }
    }

    @Test
    void restoresAreSeenByTheirHostAndByWhomeverMaySeeItInTheProtocolThatHasThem() throws Exception {
        OpenRestore restore = new OpenRestore("/srv/photos", "photos", "1a2b", "bob/photos", true, false, "holdfast");
        try (Conversation alice = greeted("alice");
                Conversation bob = greeted("bob");
                Conversation rita = greeted("rita");
                Conversation olderRita = new Conversation(site.connect("rita"))) {
            alice.say(announcement("photos"));
            alice.say(new Message.Restores(List.of(new OpenRestore.Told(restore, Duration.ofMinutes(1)))));
            assertThat(alice.restores()).singleElement().satisfies(one -> {
                assertThat(one.host()).isEqualTo("alice");
                assertThat(one.restore()).isEqualTo(restore);
            });
            assertThat(rita.restores()).hasSize(1);
            assertThat(bob.restores()).isEmpty();
            olderRita.greetAsOneThatStays(4);
            assertThat(olderRita.restores()).isEmpty();
            assertThat(olderRita.fleet()).hasSize(2);
        }
        try (Conversation older = new Conversation(site.connect("alice"))) {
            older.greetAsOneThatStays(4);
            older.say(announcement("photos"));
            assertThat(older.restores())
                    .as("an agent that does not tell of them")
                    .isEmpty();
            older.say(new Message.Restores(List.of()));
            assertThat(older.readToFailure().code()).isEqualTo(ProblemCode.PROTOCOL);
        }
    }

    private static ProblemCode refusal(Conversation who, Message.GiveOrder order) throws Exception {
        who.say(order);
        return ((Message.OrderEnded) who.hear()).end().problem().orElseThrow().code();
    }

    @Test
    void neitherReadersNorHostsGiveOrders() throws Exception {
        try (Conversation alice = greeted("alice");
                Conversation bob = greeted("bob");
                Conversation rita = greeted("rita")) {
            alice.say(announcement("photos"));
            alice.assertAnswers();
            assertThat(refusal(rita, order(ID, "alice"))).isEqualTo(ProblemCode.DENIED);
            assertThat(refusal(bob, order(ID, "alice"))).isEqualTo(ProblemCode.DENIED);
            assertThat(refusal(alice, order(ID, "alice"))).isEqualTo(ProblemCode.DENIED);
            alice.assertAnswers();
        }
    }

    @Test
    void anOperatorWhoDoesNotListenHoldsUpNobody() throws Exception {
        try (Conversation alice = greeted("alice");
                Conversation olga = greeted("olga");
                Conversation rita = greeted("rita")) {
            alice.say(announcement("photos"));
            alice.assertAnswers();
            olga.say(order(ID, "alice"));
            assertThat(alice.hear()).isInstanceOf(Message.GiveOrder.class);
            String notice = "n".repeat(2000);
            for (int i = 0; i < 20_000; i++) {
                alice.say(new Message.OrderAdvanced(new OrderProgress(ID, "reading", i, i, 0, 0, notice)));
            }
            alice.assertAnswers();
            assertThat(rita.fleet()).hasSize(2);
        }
    }

    @Test
    void whoIsOnlyAPersonReachesNothingOfTheStore() throws Exception {
        List<Message> wanted = Stream.of(
                        new Message.Begin(ServerWithHosts.REALM, ServerWithHosts.VOLUME, new byte[16]),
                        new Message.ListRecords(ServerWithHosts.REALM, "", ""),
                        new Message.Open(1, ServerWithHosts.REALM, "alice", new byte[32]),
                        new Message.AskGrant("alice", "photos"),
                        new Message.AskLocal("photos"),
                        announcement("photos"),
                        report("photos"))
                .map(Message.class::cast)
                .toList();
        for (String who : List.of("olga", "rita")) {
            for (Message message : wanted) {
                try (Conversation person = greeted(who)) {
                    person.say(message);
                    assertThat(person.readToFailure().code())
                            .as("%s by %s", message, who)
                            .isEqualTo(ProblemCode.DENIED);
                }
            }
        }
    }

    @Test
    void whenTheHostGoesAwayTheOperatorIsTold() throws Exception {
        try (Conversation olga = greeted("olga")) {
            Conversation alice = greeted("alice");
            alice.say(announcement("photos"));
            alice.assertAnswers();
            olga.say(order(ID, "alice"));
            assertThat(alice.hear()).isInstanceOf(Message.GiveOrder.class);
            alice.close();
            OrderEnd end = ((Message.OrderEnded) olga.hear()).end();
            assertThat(end.problem().orElseThrow().code()).isEqualTo(ProblemCode.UNREACHABLE);
            assertThat(refusal(olga, order(new UUID(1, 1), "alice"))).isEqualTo(ProblemCode.UNREACHABLE);
            assertThat(refusal(olga, order(new UUID(1, 2), "carol"))).isEqualTo(ProblemCode.NOT_FOUND);
        }
    }
}
