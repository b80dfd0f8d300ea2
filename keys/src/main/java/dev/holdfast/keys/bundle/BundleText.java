package dev.holdfast.keys.bundle;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.primitive.GcmEngine;
import dev.holdfast.keys.primitive.Span;
import dev.holdfast.keys.store.KeyEntry;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A bundle as text.
 *
 * <pre>
 * -----BEGIN HOLDFAST BUNDLE-----
 * version: 1
 * machine: NAME
 * argon2id: m=65536 t=3 p=1                (KiB, passes, lanes; version 0x13)
 * salt: 16 bytes of base64
 * nonce: 12 bytes of base64
 *
 * base64, 64 characters a line
 * -----END HOLDFAST BUNDLE-----
 * </pre>
 *
 * The passphrase is UTF-8; Argon2id gives the 32-byte key of AES-256-GCM; the additional data is every byte from "version" up to
 * and including the line feed before the empty line. The plaintext is {@code u32 "HFBN" | u16 count | count * (u16 path length |
 * path | u32 length | content)}. Only the one spelling that {@link #seal} writes is read, so no changed byte goes unseen.
 */
final class BundleText {
    /** What deriving the key costs: memory in KiB and passes over it. */
    record Cost(int memoryKib, int passes) {}

    static final Cost STANDARD_COST = new Cost(65_536, 3);
    /** A file that asks for more is refused before anything is allocated. */
    static final int MAX_MEMORY_KIB = 262_144;

    static final int MAX_PASSES = 16;
    private static final int MAGIC = 0x4846424E;
    private static final int MAX_LENGTH = 8 << 20;
    private static final int MAX_ENTRIES = 10_000;
    private static final int SALT_BYTES = 16;
    private static final int KEY_BYTES = 32;
    private static final String BEGIN = "-----BEGIN HOLDFAST BUNDLE-----\n";
    private static final String END = "-----END HOLDFAST BUNDLE-----\n";
    private static final Pattern HEADER = Pattern.compile("""
            version: 1
            machine: ([^\n]{1,200})
            argon2id: m=([0-9]{1,6}) t=([0-9]{1,2}) p=1
            salt: ([A-Za-z0-9+/=]{24})
            nonce: ([A-Za-z0-9+/=]{16})
            """);

    private BundleText() {}

    static String seal(Bundle bundle, char[] passphrase, Cost cost, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        byte[] nonce = new byte[GcmEngine.NONCE_BYTES];
        random.nextBytes(salt);
        random.nextBytes(nonce);
        String header = header(bundle.machine(), cost, salt, nonce);
        byte[] plain = encode(bundle.entries());
        byte[] sealed = new byte[plain.length + GcmEngine.TAG_BYTES];
        new GcmEngine(key(passphrase, cost, salt)).seal(nonce, aad(header), Span.of(plain), sealed, 0);
        Arrays.fill(plain, (byte) 0);
        return armour(header, sealed);
    }

    private static String header(String machine, Cost cost, byte[] salt, byte[] nonce) {
        Base64.Encoder base64 = Base64.getEncoder();
        return "version: 1"
                + ("\nmachine: " + machine)
                + ("\nargon2id: m=" + cost.memoryKib() + " t=" + cost.passes() + " p=1")
                + ("\nsalt: " + base64.encodeToString(salt))
                + ("\nnonce: " + base64.encodeToString(nonce) + "\n");
    }

    private static String armour(String header, byte[] sealed) {
        return BEGIN + header + "\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(sealed) + "\n" + END;
    }

    private static byte[][] aad(String header) {
        return new byte[][] {header.getBytes(StandardCharsets.UTF_8)};
    }

    static Bundle open(String text, char[] passphrase) {
        if (text.length() > MAX_LENGTH) {
            throw malformed("is too long");
        }
        String unix = text.replace("\r\n", "\n");
        int gap = unix.indexOf("\n\n");
        if (!unix.startsWith(BEGIN)
                || !unix.endsWith(END)
                || gap < BEGIN.length()
                || gap + 2 > unix.length() - END.length()) {
            throw malformed("is damaged, cut short or none at all");
        }
        Matcher matcher = HEADER.matcher(unix.substring(BEGIN.length(), gap + 1));
        if (!matcher.matches()) {
            throw malformed("is damaged or of a version that is not known");
        }
        Cost cost = new Cost(Integer.parseInt(matcher.group(2)), Integer.parseInt(matcher.group(3)));
        if (cost.memoryKib() < 8
                || cost.memoryKib() > MAX_MEMORY_KIB
                || cost.passes() < 1
                || cost.passes() > MAX_PASSES) {
            throw malformed("asks for too much memory or time");
        }
        byte[] salt = base64(matcher.group(4));
        byte[] nonce = base64(matcher.group(5));
        byte[] sealed =
                base64(unix.substring(gap + 2, unix.length() - END.length()).replace("\n", ""));
        String machine = matcher.group(1);
        String header = header(machine, cost, salt, nonce);
        if (!KeyName.isPlain(machine)
                || salt.length != SALT_BYTES
                || nonce.length != GcmEngine.NONCE_BYTES
                || !armour(header, sealed).equals(unix)) {
            throw malformed("is damaged");
        }
        byte[] plain = new byte[Math.max(0, sealed.length - GcmEngine.TAG_BYTES)];
        try {
            new GcmEngine(key(passphrase, cost, salt)).open(nonce, aad(header), Span.of(sealed), plain, 0);
            return new Bundle(machine, decode(ByteBuffer.wrap(plain)));
        } catch (AEADBadTagException e) {
            throw new KeyException(
                    Reason.WRONG,
                    "bundle of machine '" + machine + "' does not open with this passphrase",
                    "Type the passphrase again; if it is right, the file is damaged: make the bundle again with `holdfast keygen "
                            + machine + " --bundle FILE`.",
                    e);
        } catch (BufferUnderflowException e) {
            throw malformed("holds something else");
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw malformed("is damaged");
        }
    }

    private static SecretKeySpec key(char[] passphrase, Cost cost, byte[] salt) {
        byte[] room = new byte[3 * passphrase.length];
        ByteBuffer encoded = ByteBuffer.wrap(room);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(passphrase), encoded, true);
        byte[] password = Arrays.copyOf(room, encoded.position());
        byte[] key = new byte[KEY_BYTES];
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.passes())
                .withParallelism(1)
                .withSalt(salt)
                .build());
        generator.generateBytes(password, key);
        SecretKeySpec result = new SecretKeySpec(key, "AES");
        Arrays.fill(key, (byte) 0);
        Arrays.fill(password, (byte) 0);
        Arrays.fill(room, (byte) 0);
        return result;
    }

    private static byte[] encode(Map<String, byte[]> entries) {
        int length = Integer.BYTES + Short.BYTES;
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            length += Short.BYTES + entry.getKey().length() + Integer.BYTES + entry.getValue().length;
        }
        ByteBuffer out = ByteBuffer.allocate(length).putInt(MAGIC).putShort((short) entries.size());
        entries.forEach((path, content) -> {
            byte[] name = path.getBytes(StandardCharsets.US_ASCII);
            out.putShort((short) name.length).put(name).putInt(content.length).put(content);
        });
        return out.array();
    }

    private static Map<String, byte[]> decode(ByteBuffer in) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        if (in.getInt() != MAGIC) {
            throw malformed("holds something else");
        }
        int count = in.getShort() & 0xffff;
        if (count > MAX_ENTRIES) {
            throw malformed("holds too many entries");
        }
        for (int i = 0; i < count; i++) {
            String path = new String(take(in, in.getShort() & 0xffff), StandardCharsets.US_ASCII);
            entries.put(KeyEntry.ofPath(path).path(), take(in, in.getInt()));
        }
        if (in.hasRemaining()) {
            throw malformed("holds something else");
        }
        return entries;
    }

    private static byte[] take(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw malformed("holds something else");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static KeyException malformed(String what) {
        return new KeyException(
                Reason.MALFORMED,
                "bundle " + what,
                "Copy the file again, or make it again with `holdfast keygen NAME --bundle FILE`.");
    }
}
