package dev.holdfast.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.core.FixedRandom;
import dev.holdfast.core.Golden;
import dev.holdfast.core.Seeds;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.object.Sealer;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.realm.RealmKey;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final UUID ORDER = new UUID(1, 2);
    private static final ObjectId ID = ObjectId.copyOf(Seeds.bytes(new SplittableRandom(1), 32), 0);

    private static SealedObject slot() {
        try (RealmKey realm = RealmKey.generate("wire", new FixedRandom(1));
                var session = realm.newSession(new FixedRandom(2))) {
            return Sealer.slot(session);
        }
    }

    /** One of each type, in the order of their numbers. */
    private static List<Message> messages() {
        BitSet lacking = new BitSet();
        lacking.set(3);
        lacking.set(4000);
        return List.of(
                new Message.Hello(1, 2, "holdfast 0.1.0", 1_763_600_000_000L),
                new Message.Welcome(1, "holdfast 0.1.0", "alice", new byte[16], 5, Long.MAX_VALUE),
                new Message.Begin("main", "orders", new byte[16]),
                new Message.Begun(new byte[] {1, 2, 3}),
                new Message.Have(-1, List.of(ID, ID)),
                new Message.Lack(7, lacking),
                new Message.Put(slot()),
                new Message.Commit(ID, true, false, -1, 17, 1L << 60),
                new Message.Committed(new byte[4096]),
                new Message.ListRecords("main", "", "orders"),
                new Message.RecordItem(new byte[300]),
                new Message.RecordsEnd(12, "a log is damaged"),
                new Message.Open(8, "main", "alice", new byte[32]),
                new Message.Fetch(9, ID, new int[] {0, 1, 131_071}),
                new Message.Fetched(9),
                new Message.AskGrant("alice", "orders"),
                new Message.Grant(true),
                new Message.Failure(ProblemCode.DENIED, "no", "Ask the person who runs the server."),
                new Message.Bye(),
                new Message.Ping(42),
                new Message.Pong(42),
                new Message.Damaged(ID, "pack 12 is damaged"),
                new Message.Join(Seeds.bytes(new SplittableRandom(2), 32), Seeds.bytes(new SplittableRandom(3), 32)),
                new Message.Joined("holdfast-welcome-v1\n"),
                new Message.AskLocal("recover"),
                new Message.Local(true, "/srv/recover"),
                new Message.TakeLocal("recover"),
                new Message.TakingLocal(3, 1 << 20, 17, 1L << 40),
                new Message.TakenLocal(new byte[300]),
                new Message.Announce(new Announcement(
                        true,
                        "Europe/London",
                        List.of(new Announcement.Job(
                                "orders",
                                "daily at 02:00",
                                Optional.of(Duration.ofMinutes(7)),
                                List.of(Duration.ofHours(3), Duration.ofHours(27)))))),
                new Message.Report(report(RunReport.Result.PARTIAL, "orders")),
                new Message.AskFleet("", "orders"),
                new Message.FleetItem(status("alice", "daily at 02:00")),
                new Message.FleetEnd(17, 1_763_600_000_000L),
                new Message.GiveOrder(new Order(
                        ORDER,
                        Order.Kind.RESTORE,
                        "olga",
                        "alice",
                        "orders",
                        new Order.Restore("bob", "orders2", "yesterday", "1a2b", List.of("a/b", "c"), true))),
                new Message.CancelOrder(ORDER),
                new Message.OrderAdvanced(new OrderProgress(ORDER, "uploading", 3, 4, 5, 6, "a line was cut")),
                new Message.OrderEnded(new OrderEnd(
                        ORDER,
                        Optional.of(Problem.of(ProblemCode.PARTIAL, "some files could not be read", "Look at them.")),
                        new RunReport.Made("1a2b", 1, 2, 3, 4),
                        "12 files")),
                new Message.AskKeyring("home"),
                new Message.Keyring("holdfast-keyring-v1\n"),
                new Message.Restores(List.of(new OpenRestore.Told(restore("pictures"), Duration.ofMinutes(3)))),
                new Message.RestoreItem(
                        new RestoreStatus("bob", Instant.ofEpochMilli(1_763_600_000_000L), restore("pictures"))),
                new Message.RestoreItem(new RestoreStatus(
                        "bob",
                        Instant.ofEpochMilli(1_763_600_000_000L),
                        restore("pictures"),
                        Optional.of(Instant.ofEpochMilli(1_763_600_180_000L)))));
    }

    private static OpenRestore restore(String volume) {
        return new OpenRestore(
                "/srv/volumes/" + volume,
                volume,
                "1a2b",
                "alice/orders",
                true,
                false,
                "holdfast restore orders --source alice --to-volume " + volume);
    }

    private static RunReport report(RunReport.Result result, String volume) {
        return new RunReport(
                volume,
                result,
                1_763_600_000_000L,
                "olga",
                Duration.ofSeconds(3),
                Duration.ofSeconds(70),
                new RunReport.Made("1a2b", 1, 2, 3, 4),
                new RunReport.Failure("HF-PARTIAL", "some files could not be read", "Look at them."));
    }

    private static VolumeStatus status(String host, String schedule) {
        Instant moment = Instant.ofEpochMilli(1_763_600_000_000L);
        return new VolumeStatus(
                host,
                "orders",
                schedule,
                Optional.of(new VolumeStatus.Snapshot("1a2b", moment, true, false, 4, 5)),
                Optional.of(moment.plusSeconds(60)),
                Optional.of(moment.minusSeconds(60)),
                Optional.empty(),
                Optional.of(new VolumeStatus.Run(
                        RunReport.Result.FAILED,
                        moment,
                        Duration.ofSeconds(9),
                        "olga",
                        new RunReport.Failure("HF-IO", "it cannot be read", "Look."))),
                new VolumeStatus.Agent(true, false, Optional.of(moment)));
    }

    private static RunReport.Made largestMade(String name) {
        return new RunReport.Made(name, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private static RunReport largestReport(String name, String text) {
        Duration age = Duration.ofDays(90_000);
        return new RunReport(
                name,
                RunReport.Result.SKIPPED,
                -1,
                name,
                age,
                age,
                largestMade(name),
                new RunReport.Failure(name, text, text));
    }

    private static OpenRestore largestRestore(String text) {
        return new OpenRestore("p".repeat(4096), text, text, text, true, true, "h".repeat(4096));
    }

    private static VolumeStatus largestStatus(String name, String text) {
        Optional<Instant> moment = Optional.of(Instant.ofEpochMilli(4_000_000_000_000L));
        return new VolumeStatus(
                name,
                name,
                text,
                moment.map(at -> new VolumeStatus.Snapshot(name, at, true, true, Long.MAX_VALUE, Long.MAX_VALUE)),
                moment,
                moment,
                moment,
                moment.map(at -> new VolumeStatus.Run(
                        RunReport.Result.FAILED,
                        at,
                        Duration.ofDays(90_000),
                        name,
                        new RunReport.Failure(name, text, text))),
                new VolumeStatus.Agent(true, true, moment));
    }

    private static byte[] frames(List<Message> messages) throws IOException {
        MemoryLink link = new MemoryLink(new byte[0]);
        FrameWriter writer = new FrameWriter(link);
        for (Message message : messages) {
            writer.write(message);
        }
        assertThat(writer.bytes()).isEqualTo(link.written().length);
        return link.written();
    }

    private static byte[] frame(int type, byte[] body) {
        return new Encoder(0).u32(body.length + 1).u8(type).raw(body).toBytes();
    }

    private static Message read(byte[] frame) throws IOException {
        return new FrameReader(new MemoryLink(frame)).read();
    }

    @Test
    void everyMessageComesBackAsItWas() throws IOException {
        Golden.check("messages.txt", frames(messages()));
        FrameReader reader = new FrameReader(new MemoryLink(frames(messages())));
        List<Message> read = new ArrayList<>();
        for (int i = 0; i < messages().size(); i++) {
            read.add(reader.read());
        }
        assertThat(frames(read)).isEqualTo(frames(messages()));
        assertThat(read.stream().map(Object::getClass).toList())
                .isEqualTo(messages().stream().map(Object::getClass).toList());
        assertThat(read.get(5)).isEqualTo(messages().get(5));
        assertThat(read.get(17)).isEqualTo(messages().get(17));
        assertThatThrownBy(reader::read).isInstanceOf(EOFException.class);
    }

    @Test
    void everyTypeHasItsNumberAndIsTried() throws IOException {
        Set<MessageType> seen = EnumSet.noneOf(MessageType.class);
        for (int i = 0; i < messages().size(); i++) {
            int number = frames(List.of(messages().get(i)))[4];
            assertThat(number).isEqualTo(i + 1);
            seen.add(MessageType.ofNumber(number));
        }
        assertThat(seen).containsExactlyInAnyOrder(MessageType.values());
    }

    @Test
    void theLargestMessageOfEachTypeFits() throws IOException {
        BitSet all = new BitSet();
        all.set(0, Message.Have.MAX_IDS);
        int[] indexes = new int[SealedObject.MAX_REFERENCES];
        Arrays.fill(indexes, SealedObject.MAX_REFERENCES - 1);
        String name = "n".repeat(255);
        String text = "€".repeat(10_000);
        List<Message> largest = List.of(
                new Message.Hello(1, 1 << 16, name, -1),
                new Message.Welcome(1 << 16, name, name, new byte[64], -1, -1),
                new Message.Begin(name, name, new byte[16]),
                new Message.Begun(new byte[4096]),
                new Message.Have(-1, Collections.nCopies(Message.Have.MAX_IDS, ID)),
                new Message.Lack(-1, all),
                new Message.Commit(ID, true, false, -1, Long.MAX_VALUE, Long.MAX_VALUE),
                new Message.ListRecords(name, name, name),
                new Message.Open(-1, name, name, new byte[32]),
                new Message.Fetch(-1, ID, indexes),
                new Message.AskGrant(name, name),
                new Message.Failure(ProblemCode.DENIED, text, text),
                new Message.Damaged(ID, text),
                new Message.Joined("w".repeat(Message.Joined.LONGEST_WELCOME)),
                new Message.AskKeyring(name),
                new Message.Keyring("k".repeat(Message.Keyring.LONGEST)),
                new Message.AskLocal(name),
                new Message.Local(false, text),
                new Message.TakeLocal(name),
                new Message.TakingLocal(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                new Message.TakenLocal(new byte[4096]),
                new Message.Announce(new Announcement(
                        true,
                        "z".repeat(64),
                        Collections.nCopies(
                                Announcement.MOST_JOBS,
                                new Announcement.Job(
                                        name,
                                        text,
                                        Optional.of(Duration.ofDays(90_000)),
                                        Collections.nCopies(Announcement.MOST_DUE, Duration.ofDays(90_000)))))),
                new Message.Report(largestReport(name, text)),
                new Message.AskFleet(name, name),
                new Message.FleetItem(largestStatus(name, text)),
                new Message.Restores(Collections.nCopies(
                        OpenRestore.MOST, new OpenRestore.Told(largestRestore(text), Duration.ofDays(90_000)))),
                new Message.RestoreItem(
                        new RestoreStatus(name, Instant.ofEpochMilli(4_000_000_000_000L), largestRestore(text))),
                new Message.FleetEnd(Integer.MAX_VALUE, -1),
                new Message.GiveOrder(new Order(
                        ORDER,
                        Order.Kind.RESTORE,
                        name,
                        name,
                        name,
                        new Order.Restore(
                                name,
                                name,
                                name,
                                name,
                                Collections.nCopies(Order.MOST_PATHS, "p".repeat(4096)),
                                true))),
                new Message.OrderAdvanced(new OrderProgress(
                        ORDER, text, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, text)),
                new Message.OrderEnded(new OrderEnd(
                        ORDER, Optional.of(Problem.of(ProblemCode.DENIED, text, text)), largestMade(name), text)));
        for (Message message : largest) {
            assertThat(read(frames(List.of(message)))).isInstanceOf(message.getClass());
        }
        assertThatThrownBy(() -> new Message.Have(1, Collections.nCopies(Message.Have.MAX_IDS + 1, ID)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> frames(List.of(new Message.Begun(new byte[5000]))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCommandThatDoesNotFitIsLeftOutAsAWhole() throws IOException {
        OpenRestore restore = new OpenRestore(
                "/srv", "", "1a2b", "alice/orders", true, false, "holdfast restore " + "x".repeat(4096));
        Message read =
                read(frames(List.of(new Message.Restores(List.of(new OpenRestore.Told(restore, Duration.ZERO))))));
        assertThat(((Message.Restores) read).restores())
                .singleElement()
                .satisfies(told -> assertThat(told.restore().again()).isEmpty());
    }

    @Test
    void garbageInAnyMessageIsRefusedOrSomethingElse() {
        for (MessageType type : MessageType.values()) {
            Seeds.forEach(500, random -> {
                byte[] garbage = Seeds.bytes(random, random.nextInt(1 + Math.min(300, type.maxBodyBytes())));
                try {
                    assertThat(read(frame(type.number(), garbage))).isNotNull();
                } catch (MalformedException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            });
        }
    }

    @Test
    void aDamagedFrameIsRefusedOrSomethingElse() throws IOException {
        for (Message message : messages()) {
            byte[] good = frames(List.of(message));
            for (int i = 5; i < good.length; i++) {
                byte[] bad = good.clone();
                bad[i] ^= 0x41;
                try {
                    assertThat(frames(List.of(read(bad)))).isNotEqualTo(good);
                } catch (MalformedException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        }
    }

    @Test
    void aBodyThatIsTooShortOrTooLongIsRefused() throws IOException {
        for (Message message : messages()) {
            byte[] whole = frames(List.of(message));
            byte[] body = Arrays.copyOfRange(whole, 5, whole.length);
            for (int length = 0; length <= body.length + 1; length++) {
                if (length != body.length) {
                    byte[] other = frame(whole[4], Arrays.copyOf(body, length));
                    assertThatThrownBy(() -> read(other)).isInstanceOf(MalformedException.class);
                }
            }
        }
    }

    @Test
    void aLengthOverTheLimitIsRefusedBeforeAnythingIsAllocated() {
        for (int type = 0; type < 256; type++) {
            for (int length : new int[] {0, -1, Integer.MAX_VALUE, SealedObject.MAX_BYTES + 2}) {
                byte[] header = new Encoder(0).u32(length).u8(type).toBytes();
                assertThatThrownBy(() -> read(header)).as("type %d", type).isInstanceOf(MalformedException.class);
            }
        }
        byte[] ping = new Encoder(0).u32(1 << 20).u8(20).toBytes();
        assertThatThrownBy(() -> read(ping)).isInstanceOf(MalformedException.class);
    }

    @Test
    void anEndInsideAMessageIsNotAnEndBetweenMessages() throws IOException {
        byte[] whole = frames(List.of(new Message.Ping(1)));
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(EOFException.class)
                    .hasMessageContaining("middle");
        }
    }

    @Test
    void aProblemCodeOfTheFutureIsStillAFailure() throws IOException {
        byte[] body = new Encoder(0)
                .string("NOT_INVENTED_YET")
                .string("m")
                .string("h")
                .toBytes();
        assertThat(read(frame(18, body))).isEqualTo(new Message.Failure(ProblemCode.FAILED, "m", "h"));
    }
}
