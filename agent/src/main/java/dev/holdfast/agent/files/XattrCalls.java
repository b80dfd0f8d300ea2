package dev.holdfast.agent.files;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Extended attributes of one file. It is named either by an open descriptor alone, or by a directory's descriptor and a name; the
 * second goes through {@code /proc/self/fd/N/name} with the calls that do not follow a link, as there is no {@code getxattrat}
 * before Linux 6.13.
 */
final class XattrCalls {
    private static final int MAX_NAME = 255;
    private static final int MAX_VALUE = 64 * 1024;
    /** More than anybody keeps: a file may have some hundred megabytes of them on some file systems. */
    private static final int ENOUGH_BYTES = 4 << 20;

    private static final byte[] ITSELF = {};

    private final Kernel kernel;
    private final int descriptor;
    private final byte[] name;
    private final boolean itself;

    private XattrCalls(Kernel kernel, int descriptor, byte[] name) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.name = name;
        this.itself = name.length == 0;
    }

    static XattrCalls of(Kernel kernel, int descriptor) {
        return new XattrCalls(kernel, descriptor, ITSELF);
    }

    static XattrCalls of(Kernel kernel, int directory, byte[] name) {
        return new XattrCalls(kernel, directory, name);
    }

    /** All that may be read, sorted; empty where the file system has none. Not read on once there are over {@link #ENOUGH_BYTES}. */
    List<ExtendedAttribute> read(Place place) throws FileAccessException {
        List<byte[]> names = names(place);
        if (names.isEmpty()) {
            return List.of();
        }
        List<ExtendedAttribute> all = new ArrayList<>(names.size());
        long bytes = 0;
        for (byte[] attribute : names) {
            byte[] value = bytes > ENOUGH_BYTES ? null : value(attribute, place);
            if (value != null) {
                bytes += attribute.length + value.length;
                all.add(new ExtendedAttribute(attribute, value));
            }
        }
        Collections.sort(all);
        return all;
    }

    /** Makes this the whole set; what the host gives by itself stays. What refuses to go is told when all else is done. */
    void replace(List<ExtendedAttribute> wanted, Place place) throws FileAccessException {
        List<ExtendedAttribute> present = read(place);
        FileAccessException stays = null;
        for (ExtendedAttribute extra : present) {
            if (isReplaceable(extra) && wanted.stream().noneMatch(keep -> keep.compareTo(extra) == 0)) {
                try {
                    remove(extra.name(), place);
                } catch (FileAccessException e) {
                    stays = e;
                }
            }
        }
        for (ExtendedAttribute attribute : wanted) {
            if (!present.contains(attribute)) {
                set(attribute, place);
            }
        }
        if (stays != null) {
            throw stays;
        }
    }

    private static boolean isReplaceable(ExtendedAttribute attribute) {
        String name = new String(attribute.name(), StandardCharsets.UTF_8);
        return name.startsWith("user.")
                || name.startsWith("trusted.")
                || name.startsWith("system.posix_acl_")
                || (name.startsWith("security.") && !attribute.isGivenByHost());
    }

    private void remove(byte[] attribute, Place place) throws FileAccessException {
        long text = kernel.scratch().second(attribute);
        long result = call(SystemCall.FREMOVEXATTR, SystemCall.LREMOVEXATTR, text, 0, 0);
        if (result < 0 && result != -Errno.ENODATA.code()) {
            throw failure("remove", attribute, place, result);
        }
    }

    private void set(ExtendedAttribute attribute, Place place) throws FileAccessException {
        byte[] value = attribute.value();
        if (attribute.name().length > MAX_NAME || value.length > MAX_VALUE) {
            throw failure("set", attribute.name(), place, -Errno.ERANGE.code());
        }
        Scratch memory = kernel.scratch();
        memory.fillData(value, 0, value.length);
        long text = memory.second(attribute.name());
        long result = call(SystemCall.FSETXATTR, SystemCall.LSETXATTR, text, memory.data(), value.length);
        if (result < 0) {
            throw failure("set", attribute.name(), place, result);
        }
    }

    private static FileAccessException failure(String verb, byte[] attribute, Place place, long result) {
        String operation = verb + " the extended attribute " + PrintableName.of(attribute) + " of";
        return place.failure(operation, result);
    }

    private List<byte[]> names(Place place) throws FileAccessException {
        Scratch memory = kernel.scratch();
        long length = call(SystemCall.FLISTXATTR, SystemCall.LLISTXATTR, memory.data(), Scratch.DATA_BYTES, 0);
        if (length < 0) {
            if (hasNone(length)) {
                return List.of();
            }
            throw place.failure("list the extended attributes of", length);
        }
        if (length == 0) {
            return List.of();
        }
        byte[] list = new byte[(int) length];
        memory.copyData(0, list, 0, list.length);
        List<byte[]> names = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < list.length; i++) {
            if (list[i] == 0) {
                names.add(Arrays.copyOfRange(list, start, i));
                start = i + 1;
            }
        }
        return names;
    }

    /** Null when the attribute has gone meanwhile, or is listed but has no value of its own (some network file systems). */
    private byte @Nullable [] value(byte[] attribute, Place place) throws FileAccessException {
        Scratch memory = kernel.scratch();
        long text = memory.second(attribute);
        long length = call(SystemCall.FGETXATTR, SystemCall.LGETXATTR, text, memory.data(), Scratch.DATA_BYTES);
        if (length < 0) {
            if (length == -Errno.ENODATA.code() || hasNone(length)) {
                return null;
            }
            throw failure("read", attribute, place, length);
        }
        byte[] value = new byte[(int) length];
        memory.copyData(0, value, 0, value.length);
        return value;
    }

    private long call(SystemCall onDescriptor, SystemCall onPath, long b, long c, long d) {
        return itself
                ? kernel.call(onDescriptor, descriptor, b, c, d, 0)
                : kernel.call(onPath, kernel.scratch().descriptorPath(descriptor, name), b, c, d, 0);
    }

    private static boolean hasNone(long result) {
        return result == -Errno.EOPNOTSUPP.code() || result == -Errno.ENOSYS.code();
    }
}
