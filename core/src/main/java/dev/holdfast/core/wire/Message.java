package dev.holdfast.core.wire;

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
import dev.holdfast.core.problem.ProblemCode;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;

/**
 * Everything that crosses the wire. The order of messages and who may send what when is in {@code docs/protocol.md}; the bytes
 * are made by {@link MessageCodec}.
 */
public sealed interface Message {
    /** Opens every session. {@code nowMillis} lets the server notice a clock that is off; nothing trusts it. */
    record Hello(int oldestProtocol, int newestProtocol, String software, long nowMillis) implements Message {}

    /**
     * The server's answer: which protocol is spoken, who it took the client for, which repository it keeps, its clock and free
     * space.
     */
    record Welcome(int protocol, String software, String host, byte[] repository, long nowMillis, long freeBytes)
            implements Message {}

    /** Begins a backup of the session's own host. The run id is the same in every attempt of one run. */
    record Begin(String realm, String volume, byte[] runId) implements Message {}

    /**
     * The backup may come.
     *
     * @param parent encoded record of the latest snapshot of this volume, or empty
     */
    record Begun(byte[] parent) implements Message {}

    /** Which of these are lacking? */
    record Have(int question, List<ObjectId> ids) implements Message {
        /** Ids in one question. */
        public static final int MAX_IDS = 8192;

        public Have {
            if (ids.size() > MAX_IDS) {
                throw new IllegalArgumentException(ids.size() + " ids in one question");
            }
            ids = List.copyOf(ids);
        }
    }

    /** Bit k is set when id k of the question is lacking. Whatever is not lacking stays until the session ends. */
    record Lack(int question, BitSet lacking) implements Message {}

    /** An object, in either direction. From an agent: children before parents. */
    record Put(SealedObject object) implements Message {}

    /** Asks for the snapshot to be recorded; the answer {@link Committed} comes when all of it is on disk. */
    record Commit(ObjectId snapshot, boolean partial, boolean fuzzy, long labelMillis, long files, long bytes)
            implements Message {}

    record Committed(byte[] record) implements Message {}

    /** Asks for the snapshot records that this host may read; empty host or volume means any. Newest last. */
    record ListRecords(String realm, String host, String volume) implements Message {}

    record RecordItem(byte[] record) implements Message {}

    /**
     * The end of a listing.
     *
     * @param damage which histories are damaged, so that records may be missing, in words for a person; empty for none
     */
    record RecordsEnd(int count, String damage) implements Message {
        public static final int LONGEST_DAMAGE = 1024;
    }

    /**
     * Opens a snapshot for reading by the hash of its record; the answer is its {@code SNAPSHOT} object as for {@link Fetch}.
     */
    record Open(int question, String realm, String host, byte[] recordHash) implements Message {}

    /**
     * Asks for references {@code indexes} of an object that was granted before: reading is granted by reaching, not by knowing
     * an id. The answers come in any order as {@link Put}, each slot before its first use, then {@link Fetched}.
     */
    record Fetch(int question, ObjectId parent, int[] indexes) implements Message {}

    record Fetched(int question) implements Message {}

    /** In place of a {@link Put} that was asked for: the stored object is damaged or gone. */
    record Damaged(ObjectId id, String detail) implements Message {}

    /** Whether this host may restore {@code host/volume}: a grant asked about before any work is done. */
    record AskGrant(String host, String volume) implements Message {}

    record Grant(boolean allowed) implements Message {}

    /** Whether a volume lies on the server itself; {@link TakeLocal} would find the same. */
    record AskLocal(String volume) implements Message {}

    /**
     * The answer.
     *
     * @param place where it lies or, when it is not there, why not: in words for a person
     */
    record Local(boolean there, String place) implements Message {}

    /** Asks the server to back up now a volume that lies on the server itself. */
    record TakeLocal(String volume) implements Message {}

    /** Comes at least every few seconds while the answer {@link TakenLocal} is made; totals are 0 as long as they are not known. */
    record TakingLocal(long files, long bytes, long totalFiles, long totalBytes) implements Message {}

    /** The snapshot that was asked for: what it holds was read after the question had come. */
    record TakenLocal(byte[] record) implements Message {}

    /** What the peer could not do, in words for a person. It ends the session. */
    record Failure(ProblemCode code, String message, String hint) implements Message {}

    /** A proper end. */
    record Bye() implements Message {}

    /** Keeps a quiet connection alive and measures it. */
    record Ping(long nonce) implements Message {}

    record Pong(long nonce) implements Message {}

    /**
     * From a host that logged in by an invitation, which may send nothing else: the public keys that it made for itself. From
     * protocol 2 on.
     *
     * @param ssh raw Ed25519 key
     * @param sealing raw X25519 key
     */
    record Join(byte[] ssh, byte[] sealing) implements Message {
        public static final int KEY_BYTES = 32;

        public Join {
            if (ssh.length != KEY_BYTES || sealing.length != KEY_BYTES) {
                throw new IllegalArgumentException("a public key that is not " + KEY_BYTES + " bytes long");
            }
        }
    }

    /**
     * The host belongs to the server from now on.
     *
     * @param welcome what was left for it when it was invited; the server cannot read it
     */
    record Joined(String welcome) implements Message {
        public static final int LONGEST_WELCOME = 64 << 10;
    }

    /** What this host will do by itself; the session is a standing one from then on, through which it may be given work. Protocol 3. */
    record Announce(Announcement announcement) implements Message {}

    /** How a run went that the host has made for this server, over whichever session. Protocol 3. */
    record Report(RunReport report) implements Message {}

    /** All restores of this host that have not come to their end, in place of those told before. Protocol 5. */
    record Restores(List<OpenRestore.Told> restores) implements Message {
        public Restores {
            restores = List.copyOf(restores);
            if (restores.size() > OpenRestore.MOST) {
                throw new IllegalArgumentException(restores.size() + " restores");
            }
        }
    }

    /** How do the backups stand that the asker may know of? Empty host or volume means any. Protocol 3. */
    record AskFleet(String host, String volume) implements Message {}

    record FleetItem(VolumeStatus status) implements Message {}

    /** In the same answer, after the items of volumes. Protocol 5; one whose host is away, with the time since when, protocol 6. */
    record RestoreItem(RestoreStatus status) implements Message {}

    /** The end of the answer, with the server's clock, by which all times in it are. */
    record FleetEnd(int count, long nowMillis) implements Message {}

    /** Work for a host: from an operator to the server, and from there to the standing session of the host. Protocol 3. */
    record GiveOrder(Order order) implements Message {}

    /** Whoever gave the order no longer wants it carried out; its end is told all the same. Protocol 3. */
    record CancelOrder(UUID order) implements Message {}

    /** How far the work is: from the host to the server, and from there to the operator. Protocol 3. */
    record OrderAdvanced(OrderProgress progress) implements Message {}

    /** What became of it: the last that is said of an order. Protocol 3. */
    record OrderEnded(OrderEnd end) implements Message {}

    /** Asks for the keyring of a realm that this host may read: its key may have been renewed. Protocol 4. */
    record AskKeyring(String realm) implements Message {}

    /**
     * The answer; nothing makes it true but what the host can prove by the key that it has.
     *
     * @param text without the lines of other machines; empty when the server has none
     */
    record Keyring(String text) implements Message {
        public static final int LONGEST = 64 << 10;
    }
}
