package dev.holdfast.keys.invite;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.realm.Keyring;
import dev.holdfast.keys.realm.Keyring.Kind;
import dev.holdfast.keys.realm.Keyring.Recipient;
import dev.holdfast.keys.realm.RealmKey;
import dev.holdfast.keys.seal.SealingKey;
import dev.holdfast.keys.seal.SealingSecret;
import dev.holdfast.keys.store.KeyEntry;
import dev.holdfast.keys.store.KeyStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What awaits a host that joins: the keys of its realm and of the local volumes that it may restore, wrapped for the invitation's
 * sealing key, and the public keys of the servers. It is made where the code is made and kept by the server, which can neither open it nor change it: its last line is an HMAC under a
 * key that comes from the code.
 *
 * <pre>
 * holdfast-welcome-v1
 * machine NAME
 * server NAME BASE64-SSH-BLOB BASE64-SEALING-KEY      (any number)
 * keyring BASE64                                      (any number, that of its own realm first)
 * hmac-sha256 64 hexadecimal digits                   (of every byte before this line)
 * </pre>
 */
public record Welcome(String machine, List<MachinePublicKeys> servers, List<Keyring> keyrings) {
    /** The longest text of one. */
    public static final int MAX_LENGTH = 64 << 10;

    static final String TAG = "holdfast-welcome-v1";
    private static final String SERVER = "server ";
    private static final String KEYRING = "keyring ";
    private static final String HMAC = "hmac-sha256 ";
    private static final int HMAC_LINE_LENGTH = HMAC.length() + 64 + 1;

    public Welcome {
        KeyName.require("machine", machine);
        servers = List.copyOf(servers);
        keyrings = List.copyOf(keyrings);
        if (keyrings.isEmpty()) {
            throw unknownForm();
        }
    }

    /** The realm that the host is in. */
    public String realm() {
        return keyrings.get(0).realm();
    }

    /** The same keyring for the holder of {@code code} and the recovery key, and for nobody else; {@code key} is its key. */
    public static Keyring reduced(
            Keyring keyring, RealmKey key, String machine, InvitationCode code, SecureRandom random) {
        Keyring reduced = keyring;
        for (Recipient recipient : keyring.recipients()) {
            if (recipient.kind() == Kind.MACHINE) {
                reduced = reduced.withoutRecipient(recipient.key());
            }
        }
        try (SealingSecret sealing = code.sealing()) {
            Recipient guest = new Recipient(Kind.MACHINE, machine, sealing.publicKey());
            return reduced.withRecipient(guest, key, random);
        }
    }

    /** The text that the server keeps; ASCII. */
    public String encode(InvitationCode code) {
        StringBuilder text = new StringBuilder(TAG + "\nmachine " + machine + "\n");
        for (MachinePublicKeys server : servers) {
            text.append(SERVER).append(server.name()).append(' ');
            text.append(server.ssh().base64()).append(' ');
            text.append(server.sealing().base64()).append('\n');
        }
        for (Keyring keyring : keyrings) {
            byte[] ring = keyring.encode().getBytes(StandardCharsets.UTF_8);
            text.append(KEYRING)
                    .append(Base64.getEncoder().encodeToString(ring))
                    .append('\n');
        }
        String body = text.toString();
        String whole = body + HMAC + HexFormat.of().formatHex(code.authenticate(ascii(body))) + "\n";
        if (whole.length() > MAX_LENGTH) {
            throw new KeyException(
                    Reason.MALFORMED,
                    "what a new host must be told is longer than " + MAX_LENGTH + " characters",
                    "Bring its keys with `holdfast keygen " + machine + " --bundle FILE` instead.");
        }
        return whole;
    }

    /** Reads what {@link #encode} wrote with the same code. Throws {@code WRONG} for anything else. */
    public static Welcome decode(String text, InvitationCode code) {
        int body = text.length() - HMAC_LINE_LENGTH;
        if (text.length() > MAX_LENGTH || body < 0 || !text.startsWith(HMAC, body)) {
            throw wrong();
        }
        byte[] expected =
                ascii(HMAC + HexFormat.of().formatHex(code.authenticate(ascii(text.substring(0, body)))) + "\n");
        if (!MessageDigest.isEqual(expected, ascii(text.substring(body)))) {
            throw wrong();
        }
        List<String> lines = text.substring(0, body).lines().toList();
        if (lines.size() < 3 || !lines.get(0).equals(TAG)) {
            throw unknownForm();
        }
        List<String> content = lines.subList(2, lines.size());
        long servers =
                content.stream().takeWhile(line -> line.startsWith(SERVER)).count();
        return new Welcome(
                field(lines.get(1), "machine "),
                content.stream()
                        .limit(servers)
                        .map(line -> server(line.split(" ", -1)))
                        .toList(),
                content.stream()
                        .skip(servers)
                        .map(line -> keyring(field(line, KEYRING)))
                        .toList());
    }

    private static Keyring keyring(String base64) {
        try {
            return Keyring.parse(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw unknownForm();
        }
    }

    private static MachinePublicKeys server(String[] fields) {
        if (fields.length != 4) {
            throw unknownForm();
        }
        return new MachinePublicKeys(fields[1], SshPublicKey.ofBase64(fields[2]), SealingKey.ofBase64(fields[3]));
    }

    private static String field(String line, String name) {
        if (!line.startsWith(name)) {
            throw unknownForm();
        }
        return line.substring(name.length());
    }

    private static KeyException wrong() {
        return new KeyException(
                Reason.WRONG,
                "what the server gave does not come from whoever made the code",
                "Do not go on: somebody changed it on the server. Look after the server, then ask for a new invitation.");
    }

    private static KeyException unknownForm() {
        return new KeyException(
                Reason.MALFORMED,
                "what the server gave has a form that this version does not know",
                "Install the same version of Holdfast on both machines, then ask for a new invitation.");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Makes {@code target} the installed keys of {@code own}: the realm keys are wrapped for it in place of the code. The private SSH
     * key comes last, so that whoever finds it finds everything.
     */
    public void installInto(KeyStore target, MachineKeys own, InvitationCode code, SecureRandom random) {
        for (MachinePublicKeys server : servers) {
            putPublic(target, server);
        }
        try (SealingSecret sealing = code.sealing()) {
            for (Keyring keyring : keyrings) {
                Keyring ring = rewrapped(keyring, sealing, own, random);
                target.put(KeyEntry.keyring(ring.realm()), ring.encode().getBytes(StandardCharsets.UTF_8));
            }
        }
        putPublic(target, own.publicKeys());
        putSecret(target, KeyEntry.seal(own.name()), own.sealFile());
        putSecret(target, KeyEntry.ssh(own.name()), own.sshFile());
    }

    private static Keyring rewrapped(Keyring keyring, SealingSecret sealing, MachineKeys own, SecureRandom random) {
        try (RealmKey key = keyring.unwrap(sealing)) {
            Recipient self =
                    new Recipient(Kind.MACHINE, own.name(), own.publicKeys().sealing());
            return keyring.withoutRecipient(sealing.publicKey()).withRecipient(self, key, random);
        }
    }

    private static void putPublic(KeyStore target, MachinePublicKeys keys) {
        target.put(KeyEntry.sshPublic(keys.name()), ascii(keys.sshFile()));
        target.put(KeyEntry.sealPublic(keys.name()), ascii(keys.sealFile()));
    }

    private static void putSecret(KeyStore target, KeyEntry entry, byte[] content) {
        try {
            target.put(entry, content);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }
}
