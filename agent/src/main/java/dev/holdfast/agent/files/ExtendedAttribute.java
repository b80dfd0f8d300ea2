package dev.holdfast.agent.files;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * One extended attribute: the whole name with its namespace ({@code user.comment}, {@code system.posix_acl_access}) and its
 * value. Ordered by name, as unsigned bytes. The arrays are the record's own by agreement: neither side changes them.
 */
@SuppressWarnings("ArrayRecordComponent") // names and values are bytes; equality is defined below
public record ExtendedAttribute(byte[] name, byte[] value) implements Comparable<ExtendedAttribute> {
    private static final Set<String> OF_THE_HOST =
            Set.of("security.selinux", "security.apparmor", "security.ima", "security.evm");

    /** Whether it is a label or a seal that the security modules of a host give to files by themselves. */
    public boolean isGivenByHost() {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        return OF_THE_HOST.contains(text) || text.startsWith("security.SMACK64");
    }

    @Override
    public int compareTo(ExtendedAttribute other) {
        return Arrays.compareUnsigned(name, other.name);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExtendedAttribute that
                && Arrays.equals(name, that.name)
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(name) + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return PrintableName.of(name) + " (" + value.length + " bytes)";
    }
}
