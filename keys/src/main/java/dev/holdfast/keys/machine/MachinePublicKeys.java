package dev.holdfast.keys.machine;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyName;
import dev.holdfast.keys.seal.SealingKey;

/** What everybody may know of a machine. */
public record MachinePublicKeys(String name, SshPublicKey ssh, SealingKey sealing) {
    static final String PUBLIC_TAG = "holdfast-seal-v1";

    public MachinePublicKeys {
        KeyName.require("machine", name);
    }

    /** Reads the two public files. */
    public static MachinePublicKeys parse(String name, String sshFile, String sealFile) {
        return new MachinePublicKeys(name, parseSsh(name, sshFile), parseSealingKey(name, sealFile));
    }

    /** Reads the public SSH file of a machine. */
    public static SshPublicKey parseSsh(String name, String file) {
        try {
            return SshPublicKey.parse(file);
        } catch (KeyException e) {
            throw new KeyException(
                    e.reason(),
                    "public SSH key of machine '" + name + "': " + e.getMessage(),
                    (e.hint().endsWith(KeyException.TAKE_AGAIN) ? e.hint() : e.hint() + " " + KeyException.TAKE_AGAIN)
                            + " Or make new keys: `holdfast keygen --rotate " + name + "`.",
                    e);
        }
    }

    private static SealingKey parseSealingKey(String name, String file) {
        String[] fields = file.strip().split(" ", -1);
        if (fields.length != 3 || !fields[0].equals(PUBLIC_TAG) || !fields[2].equals(name)) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "public sealing key of machine '" + name + "' is damaged or belongs to another machine",
                    "Expected one line `" + PUBLIC_TAG + " BASE64 " + name + "`. " + KeyException.TAKE_AGAIN);
        }
        return SealingKey.ofBase64(fields[1]);
    }

    String sshComment() {
        return "holdfast:" + name;
    }

    /** {@code TYPE AAAA... holdfast:NAME} and a line feed. */
    public String sshFile() {
        return ssh.line(sshComment()) + "\n";
    }

    /** {@code holdfast-seal-v1 BASE64 NAME} and a line feed. */
    public String sealFile() {
        return PUBLIC_TAG + " " + sealing.base64() + " " + name + "\n";
    }
}
