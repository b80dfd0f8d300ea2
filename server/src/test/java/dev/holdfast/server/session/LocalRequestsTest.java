package dev.holdfast.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.RecordHash;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.snapshot.SnapshotSummary;
import dev.holdfast.core.wire.Message;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may restore a volume that lies on the server may have a snapshot of it made; nobody else learns anything of it. */
final class LocalRequestsTest {
    private static final Message HELLO = new Message.Hello(1, 1, "test", 0);

    @TempDir
    Path data;

    private final SettableLocals locals = new SettableLocals();
    private Repository repository;

    /** Alice may restore everything of the server but {@code secret}; all but {@code elsewhere} is local. */
    private static final class AliceMay implements Grants {
        @Override
        public boolean knows(String host) {
            return true;
        }

        @Override
        public Optional<String> realmOf(String host) {
            return Optional.of("home");
        }

        @Override
        public boolean mayBackUp(String host, String volume) {
            return host.equals("annex") && !volume.equals("elsewhere");
        }

        @Override
        public boolean mayRestore(String host, String sourceHost, String volume) {
            return host.equals("alice") && sourceHost.equals("annex") && !volume.equals("secret");
        }

        @Override
        public long quotaBytes(String host) {
            return Long.MAX_VALUE;
        }
    }

    @BeforeEach
    void open() throws IOException {
        repository = Repository.open(data, clock(), new SplittableRandom(1));
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private static InstantSource clock() {
        return InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
    }

    private List<Message> answers(String host, Message... messages) throws IOException {
        Message[] all = new Message[messages.length + 2];
        all[0] = HELLO;
        System.arraycopy(messages, 0, all, 1, messages.length);
        all[all.length - 1] = new Message.Bye();
        ScriptedLink link = new ScriptedLink(ScriptedLink.saying(all));
        new AgentSession(
                        new Site(repository, new AliceMay(), clock(), "test", Activity.NONE, locals, new NoFleet()),
                        host,
                        link)
                .run();
        List<Message> answers = link.answers();
        assertThat(answers.get(0)).isInstanceOf(Message.Welcome.class);
        return answers.subList(1, answers.size());
    }

    private static SnapshotRecord record() {
        return new SnapshotRecord(
                1,
                RecordHash.NONE,
                Instant.parse("2026-11-20T02:00:00Z"),
                false,
                UUID.fromString("00000000-0000-0000-0000-000000000007"),
                new SnapshotSummary(
                        "annex",
                        "recover",
                        ObjectId.copyOf(new byte[32], 0),
                        SnapshotSummary.Outcome.COMPLETE,
                        false,
                        UUID.fromString("00000000-0000-0000-0000-000000000008"),
                        Instant.parse("2026-11-20T02:00:00Z"),
                        1,
                        2,
                        3));
    }

    @Test
    void tellsHowFarItIsUntilTheSnapshotIsThere() throws IOException {
        locals.waits.add(Optional.empty());
        locals.waits.add(Optional.of(record()));

        List<Message> answers = answers("alice", new Message.TakeLocal("recover"), new Message.Ping(7));

        assertThat(answers.subList(0, 3))
                .containsExactly(
                        new Message.TakingLocal(2, 10, 20, 30),
                        new Message.TakingLocal(1, 10, 20, 30),
                        new Message.TakingLocal(0, 10, 20, 30));
        assertThat(((Message.TakenLocal) answers.get(3)).record()).isEqualTo(record().encode());
        assertThat(answers.get(4)).as("and the session goes on").isEqualTo(new Message.Pong(7));
    }

    @Test
    void withoutAGrantNothingIsMadeAndNothingTold() throws IOException {
        for (Message question : List.of(new Message.TakeLocal("secret"), new Message.AskLocal("secret"))) {
            assertThat(failure(answers("alice", question))).isEqualTo(ProblemCode.DENIED);
        }
        assertThat(failure(answers("bob", new Message.TakeLocal("recover")))).isEqualTo(ProblemCode.DENIED);
        assertThat(locals.taken).isEmpty();
    }

    private static ProblemCode failure(List<Message> answers) {
        assertThat(answers).hasSize(1);
        return ((Message.Failure) answers.get(0)).code();
    }

    @Test
    void saysWhereAVolumeLiesOrWhyItIsNotThere() throws IOException {
        assertThat(answers("alice", new Message.AskLocal("recover"), new Message.AskLocal("gone")))
                .containsExactly(
                        new Message.Local(true, "/srv/recover"),
                        new Message.Local(false, "volume 'gone' is nowhere on server 'annex'"));
    }

    @Test
    void aVolumeThatIsNotThereOrNotLocalIsNotFound() throws IOException {
        assertThat(failure(answers("alice", new Message.TakeLocal("gone")))).isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(failure(answers("alice", new Message.TakeLocal("elsewhere"))))
                .isEqualTo(ProblemCode.NOT_FOUND);
        assertThat(locals.taken).isEmpty();
    }

    @Test
    void whatTheRunDiesOfIsToldToWhoeverAsked() throws IOException {
        List<Message> answers = answers("alice", new Message.TakeLocal("recover"));

        assertThat(answers.get(answers.size() - 1))
                .isEqualTo(new Message.Failure(ProblemCode.BUSY, "the server is stopping", ""));
    }
}
