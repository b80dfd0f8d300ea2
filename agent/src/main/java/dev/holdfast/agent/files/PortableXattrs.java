package dev.holdfast.agent.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The {@code user.*} attributes of files and directories: all that the JDK shows. */
final class PortableXattrs {
    private static final String NAMESPACE = "user.";

    private PortableXattrs() {}

    static List<ExtendedAttribute> read(Path path, Status status) throws FileAccessException {
        Optional<UserDefinedFileAttributeView> view = view(path, status);
        if (view.isEmpty()) {
            return List.of();
        }
        try {
            List<ExtendedAttribute> all = new ArrayList<>();
            for (String name : view.get().list()) {
                ByteBuffer value = ByteBuffer.allocate(view.get().size(name));
                view.get().read(name, value);
                all.add(new ExtendedAttribute((NAMESPACE + name).getBytes(StandardCharsets.UTF_8), value.array()));
            }
            Collections.sort(all);
            return all;
        } catch (IOException failure) {
            if (isUnsupported(failure)) {
                return List.of();
            }
            throw PortableErrors.of("read the extended attributes of", path, failure);
        }
    }

    /** Makes the {@code user.*} part of the set the whole of what is there; the rest is a reported loss. */
    static void replace(Path path, List<ExtendedAttribute> wanted) throws FileAccessException {
        Status status = PortableStatus.of(path);
        List<ExtendedAttribute> present = read(path, status);
        Optional<UserDefinedFileAttributeView> view = view(path, status);
        if (view.isEmpty()) {
            return;
        }
        try {
            for (ExtendedAttribute extra : present) {
                if (wanted.stream().noneMatch(keep -> keep.compareTo(extra) == 0)) {
                    view.get().delete(shortName(extra));
                }
            }
            for (ExtendedAttribute attribute : wanted) {
                if (isUser(attribute) && !present.contains(attribute)) {
                    view.get().write(shortName(attribute), ByteBuffer.wrap(attribute.value()));
                }
            }
        } catch (IOException failure) {
            throw PortableErrors.of("set the extended attributes of", path, failure);
        }
    }

    private static boolean isUser(ExtendedAttribute attribute) {
        return new String(attribute.name(), StandardCharsets.UTF_8).startsWith(NAMESPACE);
    }

    private static String shortName(ExtendedAttribute attribute) {
        return new String(attribute.name(), StandardCharsets.UTF_8).substring(NAMESPACE.length());
    }

    private static Optional<UserDefinedFileAttributeView> view(Path path, Status status) {
        return status.isFile() || status.isDirectory()
                ? Optional.ofNullable(
                        Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS))
                : Optional.empty();
    }

    private static boolean isUnsupported(IOException failure) {
        return String.valueOf(failure.getMessage()).endsWith("Operation not supported");
    }
}
