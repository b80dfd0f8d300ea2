package dev.holdfast.keys.store;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyName;

/** One named thing in a key store: its path, with slashes, and whether it is secret. */
public record KeyEntry(String path, boolean secret) {
    private static final String MACHINES = "machines/";
    private static final String REALMS = "realms/";
    private static final String KEYRING_SUFFIX = ".keyring";

    /** The SSH private key: text, as {@code ssh -i} takes it. */
    public static KeyEntry ssh(String machine) {
        return new KeyEntry(MACHINES + KeyName.require("machine", machine) + "/ssh", true);
    }

    public static KeyEntry sshPublic(String machine) {
        return new KeyEntry(MACHINES + KeyName.require("machine", machine) + "/ssh.pub", false);
    }

    /** The secret sealing key. */
    public static KeyEntry seal(String machine) {
        return new KeyEntry(MACHINES + KeyName.require("machine", machine) + "/seal", true);
    }

    public static KeyEntry sealPublic(String machine) {
        return new KeyEntry(MACHINES + KeyName.require("machine", machine) + "/seal.pub", false);
    }

    public static KeyEntry keyring(String realm) {
        return new KeyEntry(REALMS + KeyName.require("realm", realm) + KEYRING_SUFFIX, false);
    }

    public static KeyEntry recoveryPublic() {
        return new KeyEntry("recovery.pub", false);
    }

    /** The entry with that path. Throws {@code MALFORMED} for any path that no entry has. */
    public static KeyEntry ofPath(String path) {
        if (path.equals(recoveryPublic().path())) {
            return recoveryPublic();
        }
        if (path.startsWith(REALMS) && path.endsWith(KEYRING_SUFFIX)) {
            int end = path.length() - KEYRING_SUFFIX.length();
            return keyring(path.substring(Math.min(REALMS.length(), end), end));
        }
        int slash = path.lastIndexOf('/');
        if (path.startsWith(MACHINES) && slash > MACHINES.length()) {
            String machine = path.substring(MACHINES.length(), slash);
            return switch (path.substring(slash + 1)) {
                case "ssh" -> ssh(machine);
                case "ssh.pub" -> sshPublic(machine);
                case "seal" -> seal(machine);
                case "seal.pub" -> sealPublic(machine);
                default -> throw unknown(path);
            };
        }
        throw unknown(path);
    }

    /** The machine whose key it is; empty for what belongs to a realm or to all. */
    String machine() {
        return path.startsWith(MACHINES) ? path.substring(MACHINES.length(), path.lastIndexOf('/')) : "";
    }

    private static KeyException unknown(String path) {
        return new KeyException(
                KeyException.Reason.MALFORMED,
                "'" + path.replaceAll("\\p{Cntrl}", "?") + "' is no entry of a key store",
                "The file was made by another version of Holdfast or is damaged.");
    }
}
