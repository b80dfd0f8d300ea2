package dev.holdfast.keys.vault;

import dev.holdfast.keys.store.KeyEntry;

/**
 * Where an entry lies: a field of a secret. A machine's are fields of its own secret {@code PREFIX/NAME}: its SSH pair
 * is {@code public} and {@code private}, as it is for privateer, and the rest is beside them; what belongs to no machine is below {@code PREFIX/holdfast/}, where no name of a machine leads.
 *
 * @param secret the path below the prefix
 * @param text whether the field holds the entry as it is, as privateer reads and writes it, and not as base64
 */
record SecretField(String secret, String name, boolean text) {
    static final String OWN = "holdfast/";
    static final String REALMS = OWN + "realms";
    private static final String RECOVERY = OWN + "recovery";
    private static final String MACHINE_PATH = "machines/";
    private static final String REALM_PATH = "realms/";
    private static final String KEYRING_SUFFIX = ".keyring";

    static SecretField of(KeyEntry entry) {
        String path = entry.path();
        if (path.equals(KeyEntry.recoveryPublic().path())) {
            return new SecretField(RECOVERY, "holdfast_recovery_pub", false);
        }
        if (path.startsWith(REALM_PATH)) {
            String realm = path.substring(REALM_PATH.length(), path.length() - KEYRING_SUFFIX.length());
            return new SecretField(REALMS + "/" + realm, "holdfast_keyring", false);
        }
        int slash = path.lastIndexOf('/');
        String machine = path.substring(MACHINE_PATH.length(), slash);
        String part = path.substring(slash + 1);
        return switch (part) {
            case "ssh" -> new SecretField(machine, "private", true);
            case "ssh.pub" -> new SecretField(machine, "public", true);
            default -> new SecretField(machine, "holdfast_" + part.replace('.', '_'), false);
        };
    }
}
