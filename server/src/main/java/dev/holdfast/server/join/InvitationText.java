package dev.holdfast.server.join;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.invite.Welcome;
import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.seal.SealingKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An invitation as a text file: ASCII, line feeds, each line once and in this order. Times are milliseconds since 1970, keys base64.
 *
 * <pre>
 * holdfast-invitation-v1
 * number N
 * name NAME
 * realms (NAME EPOCH)...
 * before SSH-BLOB | none
 * login SSH-BLOB
 * made TIME
 * expires TIME
 * fate open | withdrawn TIME | joined TIME SSH-BLOB SEALING-KEY
 * sha256 64 hexadecimal digits                        (of every byte before this line and after it)
 * the lines of the welcome, if any
 * </pre>
 */
final class InvitationText {
    static final int MAX_LENGTH = Welcome.MAX_LENGTH + 4096;

    static final String TAG = "holdfast-invitation-v1";
    private static final int LINES = 10;

    private InvitationText() {}

    static String encode(Invitation invitation) {
        Invitation.Guest guest = invitation.guest();
        String head = TAG + "\nnumber " + invitation.number()
                + "\nname " + guest.name()
                + "\nrealms" + words(guest.epochs())
                + "\nbefore " + guest.before().map(SshPublicKey::base64).orElse("none")
                + "\nlogin " + invitation.login().base64()
                + "\nmade " + invitation.made().toEpochMilli()
                + "\nexpires " + invitation.expires().toEpochMilli()
                + "\nfate " + words(invitation.fate()) + "\n";
        return head + "sha256 " + sha256(head + invitation.welcome()) + "\n" + invitation.welcome();
    }

    private static String words(SortedMap<String, Integer> epochs) {
        StringBuilder words = new StringBuilder();
        epochs.forEach(
                (realm, epoch) -> words.append(' ').append(realm).append(' ').append(epoch));
        return words.toString();
    }

    private static SortedMap<String, Integer> epochs(String text) throws MalformedException {
        String[] words = text.split(" ", -1);
        if (words.length % 2 != 0) {
            throw new MalformedException("the invitation names a realm without an epoch");
        }
        SortedMap<String, Integer> epochs = new TreeMap<>();
        for (int at = 0; at < words.length; at += 2) {
            epochs.put(words[at], Integer.valueOf(words[at + 1]));
        }
        return epochs;
    }

    private static String words(Fate fate) {
        if (fate instanceof Fate.Withdrawn withdrawn) {
            return "withdrawn " + withdrawn.at().toEpochMilli();
        }
        if (fate instanceof Fate.Joined joined) {
            return "joined " + joined.at().toEpochMilli() + " "
                    + joined.keys().ssh().base64() + " "
                    + joined.keys().sealing().base64();
        }
        return "open";
    }

    /** Reads what {@link #encode} wrote, and nothing else. */
    static Invitation decode(String text) throws MalformedException {
        String[] lines = text.split("\n", LINES + 1);
        if (lines.length <= LINES || !lines[0].equals(TAG)) {
            throw new MalformedException("no invitation of a known form");
        }
        try {
            Invitation.Guest guest = new Invitation.Guest(
                    field(lines[2], "name"), epochs(field(lines[3], "realms")), before(field(lines[4], "before")));
            Invitation invitation = new Invitation(
                    Long.parseLong(field(lines[1], "number")),
                    guest,
                    Ed25519PublicKey.require(key(field(lines[5], "login"))),
                    time(field(lines[6], "made")),
                    time(field(lines[7], "expires")),
                    fate(guest.name(), field(lines[8], "fate")),
                    lines[LINES]);
            if (encode(invitation).equals(text)) {
                return invitation;
            }
        } catch (KeyException | IllegalArgumentException e) {
            // Not what was written: the same as a wrong checksum.
        }
        throw new MalformedException("the invitation is damaged or was changed by hand");
    }

    private static String field(String line, String name) throws MalformedException {
        if (!line.startsWith(name + " ")) {
            throw new MalformedException("the invitation lacks the line '" + name + "'");
        }
        return line.substring(name.length() + 1);
    }

    private static Optional<SshPublicKey> before(String text) {
        return text.equals("none") ? Optional.empty() : Optional.of(key(text));
    }

    private static SshPublicKey key(String base64) {
        return SshPublicKey.ofBase64(base64);
    }

    private static Instant time(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }

    private static Fate fate(String name, String text) {
        List<String> words = List.of(text.split(" ", -1));
        if (words.get(0).equals("withdrawn") && words.size() == 2) {
            return new Fate.Withdrawn(time(words.get(1)));
        }
        if (words.get(0).equals("joined") && words.size() == 4) {
            return new Fate.Joined(
                    time(words.get(1)),
                    new MachinePublicKeys(name, key(words.get(2)), SealingKey.ofBase64(words.get(3))));
        }
        return new Fate.Open(); // any other word fails the comparison with what would have been written
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 does not work on this Java", e);
        }
    }
}
