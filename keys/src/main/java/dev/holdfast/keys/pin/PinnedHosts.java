package dev.holdfast.keys.pin;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.machine.SshPublicKey;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which SSH host key belongs to which server. A value; the text has one line {@code NAME TYPE BASE64} per server, sorted,
 * and lines that begin with {@code #}. A server that is not listed is refused: there is no trust on first use.
 */
public final class PinnedHosts {
    private static final String HEADER = """
            # Host keys of the backup servers, pinned by `holdfast configure`. Public; a server with another key is refused.
            """;
    private static final int MAX_LENGTH = 1 << 20;

    private final SortedMap<String, SshPublicKey> keys;

    private PinnedHosts(SortedMap<String, SshPublicKey> keys) {
        this.keys = keys;
    }

    public static PinnedHosts none() {
        return new PinnedHosts(new TreeMap<>());
    }

    public static PinnedHosts parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw malformed(0);
        }
        TreeMap<String, SshPublicKey> keys = new TreeMap<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] fields = line.split(" ", -1);
            if (fields.length != 3 || !KeyName.isPlain(fields[0])) {
                throw malformed(number);
            }
            if (keys.put(fields[0], SshPublicKey.parse(fields[1] + " " + fields[2])) != null) {
                throw malformed(number);
            }
        }
        return new PinnedHosts(keys);
    }

    private static KeyException malformed(int line) {
        return new KeyException(
                Reason.MALFORMED,
                "line " + line + " of the pinned host keys is not `NAME TYPE BASE64`, or names a server again",
                "Run `holdfast configure NAME` to write the file anew.");
    }

    public String encode() {
        StringBuilder text = new StringBuilder(HEADER);
        keys.forEach((name, key) -> text.append(name)
                .append(' ')
                .append(key.type())
                .append(' ')
                .append(key.base64())
                .append('\n'));
        return text.toString();
    }

    /** Also with that server. Throws {@code EXISTS} when another key is pinned for it; {@link #without} comes first then. */
    public PinnedHosts with(String server, SshPublicKey key) {
        KeyName.require("server", server);
        SshPublicKey before = keys.get(server);
        if (before != null && !before.equals(key)) {
            throw new KeyException(
                    Reason.EXISTS,
                    "another host key is pinned for server '" + server + "' (" + before.fingerprint() + ")",
                    "If its keys were rotated on purpose, run `holdfast configure NAME` again.");
        }
        TreeMap<String, SshPublicKey> more = new TreeMap<>(keys);
        more.put(server, key);
        return new PinnedHosts(more);
    }

    public PinnedHosts without(String server) {
        TreeMap<String, SshPublicKey> fewer = new TreeMap<>(keys);
        fewer.remove(server);
        return new PinnedHosts(fewer);
    }

    public Optional<SshPublicKey> find(String server) {
        return Optional.ofNullable(keys.get(server));
    }

    /** Throws {@code MISSING} when nothing is pinned for {@code server}, {@code WRONG} when it is another key. */
    public void require(String server, SshPublicKey shown) {
        SshPublicKey pinned = find(server)
                .orElseThrow(() -> new KeyException(
                        Reason.MISSING,
                        "no host key is pinned for server '" + server + "'",
                        "Run `holdfast configure NAME` on this machine."));
        if (!pinned.equals(shown)) {
            throw new KeyException(
                    Reason.WRONG,
                    "server '" + server + "' shows host key " + shown.fingerprint() + ", pinned is "
                            + pinned.fingerprint(),
                    "Somebody may stand in between. If its keys were rotated on purpose, run `holdfast configure NAME` again.");
        }
    }
}
