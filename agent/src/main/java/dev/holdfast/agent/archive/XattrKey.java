package dev.holdfast.agent.archive;

/** The key under which a tar file has an extended attribute, in Latin-1; GNU tar escapes what would end a key. */
final class XattrKey {
    static final String PREFIX = "SCHILY.xattr.";

    private XattrKey() {}

    static String of(String name) {
        return PREFIX + name.replace("%", "%25").replace("=", "%3D");
    }

    /** The attribute's name; {@code key} begins with {@link #PREFIX}. */
    static String name(String key) {
        return key.substring(PREFIX.length()).replace("%3D", "=").replace("%25", "%");
    }
}
