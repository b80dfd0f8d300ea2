package dev.holdfast.keys.realm;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.seal.SealingKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A keyring as a text file: ASCII, line feeds, fields separated by one space.
 *
 * <pre>
 * # comments
 * holdfast-keyring-v1
 * realm NAME
 * realm-id 32 hexadecimal digits
 * epoch NUMBER
 * machine NAME BASE64-PUBLIC-KEY BASE64-WRAPPED       (any number)
 * recovery NAME BASE64-PUBLIC-KEY BASE64-WRAPPED
 * sha256 64 hexadecimal digits                        (of every byte before this line)
 * </pre>
 */
final class KeyringText {
    private static final int MAX_LENGTH = 4 << 20;
    private static final int HASH_LINE_LENGTH = "sha256 ".length() + 64 + 1;

    private KeyringText() {}

    static String encode(Keyring keyring) {
        StringBuilder text = new StringBuilder("""
                # Holdfast keyring: the key of one realm, wrapped for every machine that may use it and for the
                # recovery key. Only they can open it, so this file is safe to commit and to copy. It is written by
                # `holdfast keygen`; a change by hand makes it unreadable (the last line is a checksum).
                holdfast-keyring-v1
                """);
        text.append("realm ").append(keyring.realm()).append('\n');
        text.append("realm-id ")
                .append(HexFormat.of().formatHex(keyring.realmId()))
                .append('\n');
        text.append("epoch ").append(keyring.epoch()).append('\n');
        for (Keyring.Line line : keyring.lines()) {
            Keyring.Recipient recipient = line.recipient();
            text.append(recipient.kind().name().toLowerCase(Locale.ROOT)).append(' ');
            text.append(recipient.name()).append(' ');
            text.append(recipient.key().base64()).append(' ');
            text.append(Base64.getEncoder().encodeToString(line.wrapped())).append('\n');
        }
        String body = text.toString();
        return body + "sha256 " + sha256(body) + "\n";
    }

    static Keyring parse(String text) {
        int body = text.length() - HASH_LINE_LENGTH;
        if (text.length() > MAX_LENGTH || body < 0) {
            throw malformed("is not a keyring");
        }
        String hashLine = "sha256 " + sha256(text.substring(0, body)) + "\n";
        if (!text.substring(body).equals(hashLine)) {
            throw malformed("is damaged or was changed by hand");
        }
        List<String> lines = text.substring(0, body)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
        if (lines.size() < 4 || !lines.get(0).equals("holdfast-keyring-v1")) {
            throw malformed("has a form that this version does not know");
        }
        String realm = field(lines.get(1), "realm ");
        if (!KeyName.isPlain(realm)) {
            throw malformed("names no realm");
        }
        return new Keyring(
                realm, realmId(lines.get(2)), epoch(lines.get(3)), recipients(lines.subList(4, lines.size())));
    }

    private static byte[] realmId(String line) {
        try {
            byte[] id = HexFormat.of().parseHex(field(line, "realm-id "));
            if (id.length == RealmKey.REALM_ID_BYTES) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // The same as a wrong length: said below.
        }
        throw malformed("has no valid realm id");
    }

    private static int epoch(String line) {
        try {
            int epoch = Integer.parseInt(field(line, "epoch "));
            if (epoch >= 1) {
                return epoch;
            }
        } catch (NumberFormatException e) {
            // The same as a number out of range: said below.
        }
        throw malformed("has no valid epoch");
    }

    private static List<Keyring.Line> recipients(List<String> lines) {
        List<Keyring.Line> recipients = new ArrayList<>();
        for (String line : lines) {
            String[] fields = line.split(" ", -1);
            if (fields.length != 4 || !KeyName.isPlain(fields[1])) {
                throw malformed("has a line that is no recipient");
            }
            Keyring.Kind kind = switch (fields[0]) {
                case "machine" -> Keyring.Kind.MACHINE;
                case "recovery" -> Keyring.Kind.RECOVERY;
                default -> throw malformed("has a line that is no recipient");
            };
            try {
                recipients.add(new Keyring.Line(
                        new Keyring.Recipient(kind, fields[1], SealingKey.ofBase64(fields[2])),
                        Base64.getDecoder().decode(fields[3])));
            } catch (IllegalArgumentException e) {
                throw malformed("has a line that is no recipient");
            }
        }
        return recipients;
    }

    private static String field(String line, String name) {
        if (!line.startsWith(name)) {
            throw malformed("lacks the line '" + name.strip() + "'");
        }
        return line.substring(name.length());
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 does not work on this Java", e);
        }
    }

    private static KeyException malformed(String what) {
        return new KeyException(KeyException.Reason.MALFORMED, "keyring " + what, KeyException.TAKE_AGAIN);
    }
}
