package dev.holdfast.agent.link;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.core.object.SealedObject;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.ByteLink;
import dev.holdfast.core.wire.FrameReader;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One session with one server. Any thread may ask; a thread of its own reads the answers ({@link Answers}). When the
 * connection breaks, every open question fails with {@code UNREACHABLE}; what to do then is the caller's choice.
 */
public final class ServerLink implements AutoCloseable {
    private static final int OLDEST_PROTOCOL = 1;
    private static final int NEWEST_PROTOCOL = 4;
    private static final int KEYRING_PROTOCOL = 4;
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final ByteLink link;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final Answers answers;
    private final Message.Welcome welcome;
    private final ConcurrentMap<ObjectId, byte[]> slots = new ConcurrentHashMap<>();

    private ServerLink(
            ByteLink link, FrameReader reader, FrameWriter writer, Answers answers, Message.Welcome welcome) {
        this.link = link;
        this.reader = reader;
        this.writer = writer;
        this.answers = answers;
        this.welcome = welcome;
    }

    /** Introduces itself over a fresh connection; closes {@code link} if that fails. */
    public static ServerLink open(ByteLink link, String software, long nowMillis) {
        FrameReader reader = new FrameReader(link);
        FrameWriter writer = new FrameWriter(link);
        try {
            writer.writeNow(new Message.Hello(OLDEST_PROTOCOL, NEWEST_PROTOCOL, software, nowMillis));
            Message first = reader.read();
            if (first instanceof Message.Failure failure) {
                throw Answers.problemOf(failure).asException();
            }
            if (!(first instanceof Message.Welcome welcome) || !isSpoken(welcome.protocol())) {
                throw unspoken(link.peer(), OLDEST_PROTOCOL + " to " + NEWEST_PROTOCOL);
            }
            Answers answers = new Answers(reader, link.peer());
            ServerLink opened = new ServerLink(link, reader, writer, answers, welcome);
            answers.start();
            return opened;
        } catch (IOException | RuntimeException e) {
            closeQuietly(link);
            throw e instanceof IOException broken ? unreachable(link.peer(), broken) : (RuntimeException) e;
        }
    }

    private static boolean isSpoken(int protocol) {
        return protocol >= OLDEST_PROTOCOL && protocol <= NEWEST_PROTOCOL;
    }

    private static HoldfastException unspoken(String peer, String protocol) {
        return Problem.of(
                        ProblemCode.PROTOCOL,
                        "the server at " + peer + " does not speak protocol " + protocol,
                        "Install the same version of Holdfast on both machines.")
                .asException();
    }

    static HoldfastException unreachable(String peer, IOException cause) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.UNREACHABLE,
                        "the connection to " + peer + " broke: " + cause.getMessage(),
                        "Check the network and `holdfast server status` on the server, then run the same command again;"
                                + " it goes on where it stopped."),
                cause);
    }

    private static void closeQuietly(ByteLink link) {
        try {
            link.close();
        } catch (IOException e) {
            // The connection is given up; there is nothing left to save.
        }
    }

    public Message.Welcome welcome() {
        return welcome;
    }

    public String peer() {
        return link.peer();
    }

    /** Payloads of the key slots that came over this session, by id: the server sends each just once, whoever reads. */
    public ConcurrentMap<ObjectId, byte[]> slots() {
        return slots;
    }

    public CompletableFuture<Message.Begun> begin(String realm, String volume, byte[] runId) {
        return ask(answers.begin(), new Message.Begin(realm, volume, runId), true);
    }

    /** Bit k of the answer is set when {@code ids.get(k)} is lacking. */
    public CompletableFuture<BitSet> have(List<ObjectId> ids) {
        int question = answers.nextQuestion();
        return ask(answers.lack(question), new Message.Have(question, ids), true);
    }

    /** Sends an object; blocks while the server does not keep up. It is safe only after {@link #commit}. */
    public void put(SealedObject object) {
        send(new Message.Put(object), false);
    }

    /** Sees that what was put is on its way. */
    public void flush() {
        try {
            writer.flush();
        } catch (IOException e) {
            throw unreachable(link.peer(), e);
        }
    }

    /** Done when the snapshot is on the server's disk, complete. */
    public CompletableFuture<SnapshotRecord> commit(
            ObjectId snapshot, boolean partial, boolean fuzzy, long labelMillis, long files, long bytes) {
        return ask(answers.committed(), new Message.Commit(snapshot, partial, fuzzy, labelMillis, files, bytes), true);
    }

    /** The records that this host may read, oldest first; empty {@code host} or {@code volume} means any. */
    public Listing records(String realm, String host, String volume) {
        return await(ask(answers.records(), new Message.ListRecords(realm, host, volume), true));
    }

    public boolean mayRestore(String host, String volume) {
        return await(ask(answers.grant(), new Message.AskGrant(host, volume), true));
    }

    /**
     * The text of the keyring that the server has of a realm for this host, as it is now, if there is one that the host may have. It
     * proves nothing: see {@code keys.realm.Renewal}. {@code PROTOCOL} when the server is too old for the question.
     */
    public Optional<String> keyring(String realm) {
        if (welcome.protocol() < KEYRING_PROTOCOL) {
            throw unspoken(link.peer(), String.valueOf(KEYRING_PROTOCOL));
        }
        String text = await(ask(answers.keyring(), new Message.AskKeyring(realm), true));
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    /** Whether a volume lies on the server itself, and where, or why not; {@code DENIED} to those who may not restore it. */
    public Message.Local local(String volume) {
        return await(ask(answers.local(), new Message.AskLocal(volume), true));
    }

    /** Lets the server back up now a volume that lies on the server itself; ends when the snapshot is safe there. */
    public SnapshotRecord takeLocal(String volume, Progress progress) {
        LocalProgress watcher = new LocalProgress(progress);
        return await(ask(answers.taken(watcher::told), new Message.TakeLocal(volume), true));
    }

    /** Opens a snapshot for reading: its slot and its {@code SNAPSHOT} object; {@code DAMAGE} when one of them is lost. */
    public List<SealedObject> open(String realm, SnapshotRecord record) {
        List<SealedObject> objects = new ArrayList<>();
        List<HoldfastException> lost = new ArrayList<>();
        int question = answers.nextQuestion();
        ObjectConsumer consumer = new ObjectConsumer() {
            @Override
            public void accept(SealedObject object) {
                objects.add(object);
            }

            @Override
            public void damaged(ObjectId id, String detail) {
                lost.add(damage(id, detail));
            }
        };
        await(ask(
                answers.fetched(question, consumer),
                new Message.Open(question, realm, record.host(), record.hash().toBytes()),
                true));
        if (!lost.isEmpty()) {
            throw lost.get(0);
        }
        return objects;
    }

    private static HoldfastException damage(ObjectId id, String detail) {
        return Problem.of(
                        ProblemCode.DAMAGE,
                        "stored object " + id.brief() + " is damaged: " + detail,
                        "Choose another snapshot (`holdfast snapshots`), or run `holdfast backup VOLUME --rehash` on the host that"
                                + " the volume belongs to: it sends again what was lost, as far as the files are still there.")
                .with("object", id.hex())
                .asException();
    }

    /**
     * Asks for some references of {@code parent}, which must have come over this connection. {@code consumer} gets each object
     * on the reading thread, slots before their first use; while it blocks, the server waits.
     */
    public CompletableFuture<Void> fetch(ObjectId parent, int[] indexes, ObjectConsumer consumer) {
        int question = answers.nextQuestion();
        return ask(answers.fetched(question, consumer), new Message.Fetch(question, parent, indexes.clone()), true);
    }

    /** Takes objects as they arrive. */
    @FunctionalInterface
    public interface ObjectConsumer {
        void accept(SealedObject object);

        /** The server cannot give this one: it is damaged. Without another plan that ends the session. */
        default void damaged(ObjectId id, String detail) {
            throw damage(id, detail);
        }
    }

    /** Waits for an answer and unwraps its problem. */
    public static <T> T await(CompletableFuture<T> answer) {
        return await(answer, () -> {});
    }

    /** The same; {@code check} is called ten times a second, and what it throws ends the waiting. */
    public static <T> T await(CompletableFuture<T> answer, Runnable check) {
        try {
            while (true) {
                try {
                    return answer.get(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    check.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.CANCELLED, "interrupted", "").asException();
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private <T> CompletableFuture<T> ask(CompletableFuture<T> answer, Message message, boolean now) {
        send(message, now);
        return answer;
    }

    private void send(Message message, boolean now) {
        answers.check();
        try {
            writer.write(message);
            if (now) {
                writer.flush();
            }
        } catch (IOException e) {
            answers.check();
            throw unreachable(link.peer(), e);
        }
    }

    public long bytesSent() {
        return writer.bytes();
    }

    public long bytesReceived() {
        return reader.bytes();
    }

    /**
     * Says goodbye and closes; open questions fail. A thread that was interrupted is in a hurry: it says nothing, since a line
     * that takes no more bytes would hold it up, and stays interrupted.
     */
    @Override
    public void close() {
        boolean hurry = Thread.currentThread().isInterrupted();
        answers.closing();
        if (!hurry) {
            sayBye();
        }
        closeQuietly(link);
        answers.join();
        if (hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayBye() {
        try {
            writer.writeNow(new Message.Bye());
        } catch (IOException e) {
            // The peer is gone already.
        }
    }
}
