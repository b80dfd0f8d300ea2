package dev.holdfast.agent.files;

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

    /** All that may be read, sorted; empty where the file system has none. */
    List<ExtendedAttribute> read(String path) throws FileAccessException {
        List<byte[]> names = names(path);
        if (names.isEmpty()) {
            return List.of();
        }
        List<ExtendedAttribute> all = new ArrayList<>(names.size());
        for (byte[] attribute : names) {
            byte[] value = value(attribute, path);
            if (value != null) {
                all.add(new ExtendedAttribute(attribute, value));
            }
        }
        Collections.sort(all);
        return all;
    }

    List<byte[]> names(String path) throws FileAccessException {
        Scratch memory = kernel.scratch();
        long length = call(SystemCall.FLISTXATTR, SystemCall.LLISTXATTR, memory.data(), Scratch.DATA_BYTES, 0);
        if (length < 0) {
            if (hasNone(length)) {
                return List.of();
            }
            throw FileAccessException.of("list the extended attributes of", path, length);
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
    private byte @Nullable [] value(byte[] attribute, String path) throws FileAccessException {
        Scratch memory = kernel.scratch();
        long text = memory.second(attribute);
        long length = call(SystemCall.FGETXATTR, SystemCall.LGETXATTR, text, memory.data(), Scratch.DATA_BYTES);
        if (length < 0) {
            if (length == -Errno.ENODATA.code() || hasNone(length)) {
                return null;
            }
            throw FileAccessException.of(
                    "read the extended attribute " + PrintableName.of(attribute) + " of", path, length);
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
