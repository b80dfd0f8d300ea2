package dev.holdfast.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.Message;
import dev.holdfast.core.wire.MessageType;
import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.server.join.Admission;
import dev.holdfast.server.join.Invitation;
import dev.holdfast.server.join.Invitations;
import dev.holdfast.server.store.Repository;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever comes by an invitation can join, and nothing else. */
final class JoinSessionTest {
    private static final Message HELLO = new Message.Hello(1, 2, "test", 0);
    private static final Message BYE = new Message.Bye();
    private static final String WELCOME = "holdfast-welcome-v1\n";
    private static final Admission ANYBODY = new Admission() {
        @Override
        public void require(Invitation.Guest guest, MachinePublicKeys keys) {}

        @Override
        public void joined(String name) {}
    };

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(17);
    private final MachineKeys keys = MachineKeys.generate("alice", new SecureRandom());
    private final Message join =
            new Message.Join(raw(keys), keys.publicKeys().sealing().bytes());
    private Repository repository;
    private Invitations invitations;
    private Invitation invitation;

    private static byte[] raw(MachineKeys keys) {
        return Ed25519PublicKey.require(keys.publicKeys().ssh()).raw();
    }

    @BeforeEach
    void open() throws IOException {
        repository = Repository.open(folder.resolve("data"), clock(), random);
        invitations = Invitations.in(folder.resolve("state"), clock());
        MachineKeys code = MachineKeys.generate("code", new SecureRandom());
        invitation = invitations.add(
                new Invitation.Guest("alice", Map.of("home", 1), Optional.empty()),
                Ed25519PublicKey.require(code.publicKeys().ssh()),
                Duration.ofDays(1),
                WELCOME);
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private static InstantSource clock() {
        return InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
    }

    private Site site() {
        return new Site(
                repository, new NoGrants() {}, clock(), "test", Activity.NONE, new SettableLocals(), new NoFleet());
    }

    private List<Message> talk(byte[] says) throws IOException {
        ScriptedLink link = new ScriptedLink(says);
        new JoinSession(site(), invitations, invitation, ANYBODY, link).run();
        return link.answers();
    }

    private List<Message> talk(Message... messages) throws IOException {
        return talk(ScriptedLink.saying(messages));
    }

    private void assertTurnedAway(byte[] says) throws IOException {
        assertThat(talk(says))
                .last()
                .isInstanceOfSatisfying(
                        Message.Failure.class,
                        failure -> assertThat(failure.code()).isEqualTo(ProblemCode.PROTOCOL));
        assertThat(invitations.newcomers()).isEmpty();
    }

    @Test
    void aHostSaysItsKeysAndIsGivenWhatAwaitsIt() throws IOException {
        List<Message> answers = talk(HELLO, join, BYE);

        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).isInstanceOfSatisfying(Message.Welcome.class, welcome -> {
            assertThat(welcome.protocol()).isEqualTo(2);
            assertThat(welcome.host()).isEqualTo("alice");
        });
        assertThat(answers.get(1)).isEqualTo(new Message.Joined(WELCOME));
        assertThat(invitations.newcomers())
                .singleElement()
                .satisfies(newcomer -> assertThat(newcomer.keys()).isEqualTo(keys.publicKeys()));
    }

    @Test
    void anAnswerThatIsLostCanBeHadAgain() throws IOException {
        ScriptedLink broken = new ScriptedLink(ScriptedLink.saying(HELLO, join)) {
            private int written;

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                if (++written > 1) {
                    throw new IOException("the line broke");
                }
                super.write(source, offset, length);
            }
        };
        new JoinSession(site(), invitations, invitation, ANYBODY, broken).run();
        assertThat(broken.answers()).hasSize(1);
        assertThat(invitations.newcomers()).hasSize(1);

        assertThat(talk(HELLO, join, BYE)).last().isEqualTo(new Message.Joined(WELCOME));
    }

    @Test
    void everyOtherMessageInPlaceOfAJoinEndsTheSessionAndChangesNothing() throws IOException {
        for (Message other : List.of(
                HELLO,
                BYE,
                new Message.Begin("home", "photos", new byte[16]),
                new Message.Have(1, List.of()),
                new Message.ListRecords("home", "", ""),
                new Message.Open(1, "home", "alice", new byte[32]),
                new Message.AskGrant("alice", "photos"),
                new Message.Ping(7),
                new Message.Joined(WELCOME))) {
            assertTurnedAway(ScriptedLink.saying(HELLO, other));
            assertTurnedAway(ScriptedLink.saying(other.equals(HELLO) ? join : other));
        }
        assertTurnedAway(ScriptedLink.saying(new Message.Hello(1, 1, "before invitations", 0), join));
    }

    @Test
    void afterAJoinNothingMayFollowButGoodbye() throws IOException {
        assertThat(talk(HELLO, join, new Message.ListRecords("home", "", "")))
                .last()
                .isInstanceOf(Message.Failure.class);
        assertThat(talk(HELLO, join, join)).last().isInstanceOf(Message.Failure.class);
    }

    @Test
    void keysThatAreNoneAreRefused() throws IOException {
        byte[] ssh = raw(keys);
        byte[] sealing = keys.publicKeys().sealing().bytes();
        byte[] noPoint = new byte[32];
        Arrays.fill(noPoint, (byte) 0xff);
        assertTurnedAway(ScriptedLink.saying(HELLO, new Message.Join(noPoint, sealing)));
        assertTurnedAway(ScriptedLink.saying(HELLO, new Message.Join(ssh, new byte[32])));
    }

    @Test
    void garbageAndWrongLengthsInAJoinChangeNothing() throws IOException {
        byte[] hello = ScriptedLink.saying(HELLO);
        byte[] whole = ScriptedLink.saying(join);
        for (int round = 0; round < 300; round++) {
            byte[] body = new byte[random.nextInt(200)];
            random.nextBytes(body);
            if (body.length == 64) {
                continue;
            }
            byte[] frame = ByteBuffer.allocate(5 + body.length)
                    .putInt(body.length + 1)
                    .put((byte) MessageType.JOIN.number())
                    .put(body)
                    .array();
            assertTurnedAway(join(hello, frame));
        }
        for (int length = 0; length < whole.length; length++) {
            talk(join(hello, Arrays.copyOf(whole, length)));
            assertThat(invitations.newcomers()).isEmpty();
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
