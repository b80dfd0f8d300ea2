package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.OwnerNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Access control lists, once as Linux keeps them in {@code system.posix_acl_*} and once as the text that tar files carry in
 * {@code SCHILY.acl.*}: {@code user:1000:rw-}, one entry a line or between commas, with the number in a fourth field when the second
 * is a name.
 */
final class AclText {
    private static final int VERSION = 2;
    private static final int ENTRY_BYTES = 8;
    private static final int USER_OBJ = 1;
    private static final int USER = 2;
    private static final int GROUP_OBJ = 4;
    private static final int GROUP = 8;
    private static final int MASK = 16;
    private static final int OTHER = 32;
    private static final int NO_ID = -1;

    private record Item(int tag, int permissions, int id) {
        long order() {
            return ((long) tag << 32) | (id & 0xffffffffL);
        }
    }

    private AclText() {}

    /** The text for an attribute's value; empty when that is no list that can be told in text. */
    static Optional<String> of(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        if (value.length < 4 || value.length % ENTRY_BYTES != 4 || in.getInt() != VERSION) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        while (in.hasRemaining()) {
            int tag = in.getShort();
            int permissions = in.getShort();
            long id = in.getInt() & 0xffffffffL;
            switch (tag) {
                case USER_OBJ -> text.append("user::");
                case USER -> text.append("user:").append(id).append(':');
                case GROUP_OBJ -> text.append("group::");
                case GROUP -> text.append("group:").append(id).append(':');
                case MASK -> text.append("mask::");
                case OTHER -> text.append("other::");
                default -> {
                    return Optional.empty();
                }
            }
            text.append((permissions & 4) != 0 ? 'r' : '-')
                    .append((permissions & 2) != 0 ? 'w' : '-')
                    .append((permissions & 1) != 0 ? 'x' : '-')
                    .append('\n');
        }
        return Optional.of(text.toString());
    }

    /** The attribute's value for a text; empty when it names nobody known here or cannot be understood. */
    static Optional<byte[]> toValue(String text, OwnerNames owners) {
        List<Item> items = new ArrayList<>();
        for (String line : text.split("[\n,]", -1)) {
            int comment = line.indexOf('#');
            String plain = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!plain.isEmpty()) {
                Optional<Item> item = item(plain.startsWith("default:") ? plain.substring(8) : plain, owners);
                if (item.isEmpty()) {
                    return Optional.empty();
                }
                items.add(item.get());
            }
        }
        items.sort(Comparator.comparingLong(Item::order));
        ByteBuffer out = ByteBuffer.allocate(4 + ENTRY_BYTES * items.size()).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(VERSION);
        items.forEach(item -> out.putShort((short) item.tag)
                .putShort((short) item.permissions)
                .putInt(item.id));
        return items.isEmpty() ? Optional.empty() : Optional.of(out.array());
    }

    private static Optional<Item> item(String line, OwnerNames owners) {
        String[] fields = line.split(":", -1);
        boolean short2 = fields.length == 2;
        if (fields.length < 2) {
            return Optional.empty();
        }
        String who = short2 ? "" : fields[1].strip();
        Optional<Integer> permissions = permissions(fields[short2 ? 1 : 2].strip());
        if (permissions.isEmpty()) {
            return Optional.empty();
        }
        boolean user = fields[0].equals("user") || fields[0].equals("u");
        boolean group = fields[0].equals("group") || fields[0].equals("g");
        if ((user || group) && !who.isEmpty()) {
            OptionalLong id = id(who, fields.length > 3 ? fields[3].strip() : "", user, owners);
            return id.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Item(user ? USER : GROUP, permissions.get(), (int) id.getAsLong()));
        }
        return switch (fields[0]) {
            case "user", "u" -> Optional.of(new Item(USER_OBJ, permissions.get(), NO_ID));
            case "group", "g" -> Optional.of(new Item(GROUP_OBJ, permissions.get(), NO_ID));
            case "mask", "m" -> Optional.of(new Item(MASK, permissions.get(), NO_ID));
            case "other", "o" -> Optional.of(new Item(OTHER, permissions.get(), NO_ID));
            default -> Optional.empty();
        };
    }

    private static Optional<Integer> permissions(String text) {
        int bits = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case 'r' -> bits |= 4;
                case 'w' -> bits |= 2;
                case 'x' -> bits |= 1;
                case '-' -> {}
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(bits);
    }

    /** The number beside a name counts more than the name: it is the source's own. */
    private static OptionalLong id(String who, String number, boolean user, OwnerNames owners) {
        for (String candidate : List.of(number, who)) {
            if (candidate.matches("[0-9]{1,10}") && Long.parseLong(candidate) <= 0xffffffffL) {
                return OptionalLong.of(Long.parseLong(candidate));
            }
        }
        return user ? owners.userNumber(who) : owners.groupNumber(who);
    }
}
