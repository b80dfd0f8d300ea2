package dev.holdfast.keys.vault;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The key-value engine that our secrets are in. Version 2 keeps versions and writes only over the one that it is told; version 1
 * does neither, so there each write first looks whether somebody else has written, which leaves a moment open.
 */
final class KvEngine {
    private static final String MISMATCH = "check-and-set";

    private final VaultClient client;
    private final String mount;
    private final String folder;
    private final boolean versioned;

    private KvEngine(VaultClient client, String mount, String folder, boolean versioned) {
        this.client = client;
        this.mount = mount;
        this.folder = folder;
        this.versioned = versioned;
    }

    /** Finds out where it is mounted and which version it is. */
    static KvEngine find(VaultClient client, VaultSettings settings) {
        List<String> candidates = settings.candidates();
        for (String path : candidates) {
            Optional<KvEngine> told = told(client, path);
            if (told.isPresent()) {
                return told.get();
            }
        }
        for (String path : candidates) {
            Optional<KvEngine> tried = tried(client, path);
            if (tried.isPresent()) {
                return tried.get();
            }
        }
        Optional<String> policies = client.policies();
        String path = candidates.get(0);
        throw policies.isPresent() && client.look(probe(path, "")).status() == 404
                ? client.trouble().noEngine(path)
                : client.trouble().denied("read", path, policies);
    }

    /** What the Vault itself says of the path, to whoever may use anything below it. */
    private static Optional<KvEngine> told(VaultClient client, String path) {
        VaultAnswer answer = client.look("sys/internal/ui/mounts/" + path);
        JsonNode data = answer.json().path("data");
        String mount = data.path("path").asText("").replaceAll("/+$", "");
        if (!answer.isGood() || mount.isEmpty() || !(path + "/").startsWith(mount + "/")) {
            return Optional.empty();
        }
        String type = data.path("type").asText("kv");
        if (!type.equals("kv") && !type.equals("generic")) {
            throw client.trouble().noEngine(path);
        }
        boolean versioned = data.path("options").path("version").asText("1").equals("2");
        String folder = path.substring(Math.min(path.length(), mount.length() + 1));
        return Optional.of(new KvEngine(client, mount, folder, versioned));
    }

    /** Where that is forbidden: each version knows its own paths, and the mount point is taken to be one name. */
    private static Optional<KvEngine> tried(VaultClient client, String path) {
        int slash = path.indexOf('/');
        String mount = slash < 0 ? path : path.substring(0, slash);
        String folder = slash < 0 ? "" : path.substring(slash + 1);
        VaultAnswer plain = client.look(probe(path, ""));
        boolean toldVersioned = plain.json().path("warnings").toString().contains("versioned");
        if (answers(plain) && !toldVersioned) {
            return Optional.of(new KvEngine(client, mount, folder, false));
        }
        boolean versioned = toldVersioned || answers(client.look(probe(path, "data")));
        return versioned ? Optional.of(new KvEngine(client, mount, folder, true)) : Optional.empty();
    }

    private static String probe(String path, String kind) {
        int slash = path.indexOf('/');
        String mount = slash < 0 ? path : path.substring(0, slash);
        String folder = slash < 0 ? "" : path.substring(slash);
        return mount + "/" + kind + folder + "/" + SecretField.OWN + "recovery";
    }

    private static boolean answers(VaultAnswer answer) {
        return answer.isGood() || (answer.status() == 404 && !answer.complaint().contains("no handler for route"));
    }

    /** The path that the Vault's own program and its policies of version 1 call it by. */
    String name(String secret) {
        return joined(mount, folder, secret);
    }

    /** Whether it keeps former versions of a secret. */
    boolean versioned() {
        return versioned;
    }

    private String path(String kind, String secret) {
        return joined(mount, versioned ? kind : "", folder, secret);
    }

    private static String joined(String... parts) {
        return String.join(
                "/", Arrays.stream(parts).filter(part -> !part.isEmpty()).toList());
    }

    /** What is there; without fields when nothing is, or when the last version was deleted. */
    KvSecret read(String secret) {
        VaultAnswer answer = client.read(path("data", secret));
        try {
            if (answer.status() == 404 && answer.complaint().contains("no handler for route")) {
                throw client.trouble().noEngine(name(secret));
            }
            // A deleted version is a 404 that tells its number, which the next write has to name.
            return answer.status() == 404 && !versioned ? KvSecret.none() : KvSecret.parse(answer.body(), versioned);
        } catch (IOException e) {
            throw client.trouble().malformed(name(secret), "the answer cannot be read", versioned);
        } finally {
            answer.wipe();
        }
    }

    /** What is in a folder below the prefix: names of secrets, and of folders with a slash. */
    List<String> list(String below) {
        VaultAnswer answer = client.read(path("metadata", below) + "?list=true");
        List<String> names = new ArrayList<>();
        answer.json().path("data").path("keys").forEach(key -> names.add(key.asText()));
        return names;
    }

    /** Writes {@code after} in the place of {@code before}; throws {@code BUSY} when that is not what is there. */
    KvSecret write(String secret, KvSecret before, KvSecret after, List<SecretField> changed) {
        return versioned ? writeVersioned(secret, before, after, changed) : writePlain(secret, before, after, changed);
    }

    private KvSecret writeVersioned(String secret, KvSecret before, KvSecret after, List<SecretField> changed) {
        byte[] body = after.encode("{\"options\":{\"cas\":" + before.version() + "},\"data\":", "}");
        try {
            VaultAnswer answer = client.write(path("data", secret), body);
            if (answer.isGood()) {
                return after.atVersion(
                        answer.json().path("data").path("version").asLong(before.version() + 1));
            }
            if (!answer.complaint().contains(MISMATCH)) {
                throw client.trouble().unexpected("write", name(secret), answer);
            }
            return acceptedOrConflict(secret, after, changed);
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    private KvSecret writePlain(String secret, KvSecret before, KvSecret after, List<SecretField> changed) {
        KvSecret present = read(secret);
        boolean untouched = present.hasSameFields(before);
        present.wipe();
        if (!untouched) {
            return acceptedOrConflict(secret, after, changed);
        }
        byte[] body = after.encode("", "");
        try {
            VaultAnswer answer = client.write(path("data", secret), body);
            if (!answer.isGood()) {
                throw client.trouble().unexpected("write", name(secret), answer);
            }
            // What the next write finds is what the Vault makes of it.
            return read(secret);
        } finally {
            Arrays.fill(body, (byte) 0);
        }
    }

    /** A write whose answer was lost is found done when it is made again. */
    private KvSecret acceptedOrConflict(String secret, KvSecret after, List<SecretField> changed) {
        KvSecret present = read(secret);
        for (SecretField field : changed) {
            if (!sameValue(present, after, field)) {
                present.wipe();
                throw client.trouble().conflict(name(secret));
            }
        }
        return present;
    }

    private static boolean sameValue(KvSecret one, KvSecret other, SecretField field) {
        try {
            Optional<byte[]> left = one.find(field);
            Optional<byte[]> right = other.find(field);
            return left.isPresent() == right.isPresent()
                    && (left.isEmpty() || Arrays.equals(left.get(), right.orElseThrow()));
        } catch (IOException e) {
            // Not what we write, so not what we wrote.
            return false;
        }
    }
}
