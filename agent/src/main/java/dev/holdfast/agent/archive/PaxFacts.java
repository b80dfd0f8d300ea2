package dev.holdfast.agent.archive;

import dev.holdfast.agent.files.OwnerNames;
import dev.holdfast.core.tree.ExtendedAttribute;
import dev.holdfast.core.tree.Timestamp;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What extended headers say of one entry, in the words of POSIX, GNU tar, star and libarchive. A later record counts more. */
final class PaxFacts {
    private static final String LIBARCHIVE_XATTR = "LIBARCHIVE.xattr.";
    private static final String ACL = "SCHILY.acl.";

    private final Map<String, PaxRecords.Pax> records = new HashMap<>();
    private final List<Long> numbers = new ArrayList<>();
    private final Map<String, byte[]> attributes = new TreeMap<>();

    PaxFacts(List<PaxRecords.Pax> common, List<PaxRecords.Pax> own) throws IOException {
        for (PaxRecords.Pax record : common) {
            take(record);
        }
        for (PaxRecords.Pax record : own) {
            take(record);
        }
    }

    private void take(PaxRecords.Pax record) throws IOException {
        String key = record.key();
        if (key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes")) {
            numbers.add(number(record));
        } else if (key.startsWith(XattrKey.PREFIX)) {
            attributes.put(XattrKey.name(key), record.value());
        } else if (key.startsWith(LIBARCHIVE_XATTR)) {
            String name = libarchiveName(key);
            attributes.putIfAbsent(name, base64(record));
        } else if (record.value().length == 0) {
            records.remove(key);
        } else {
            records.put(key, record);
        }
    }

    /** Escaped as in a URL, but with {@code +} as it is. */
    private static String libarchiveName(String key) throws IOException {
        try {
            String escaped = key.substring(LIBARCHIVE_XATTR.length()).replace("+", "%2B");
            return URLDecoder.decode(escaped, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw new MalformedArchiveException("an extended header has an attribute with no possible name");
        }
    }

    /** libarchive leaves out the padding. */
    private static byte[] base64(PaxRecords.Pax record) throws IOException {
        try {
            return Base64.getDecoder().decode(record.value());
        } catch (IllegalArgumentException e) {
            throw malformed(record);
        }
    }

    private static MalformedArchiveException malformed(PaxRecords.Pax record) {
        return new MalformedArchiveException("the extended header's '" + record.key() + "' is not what it can be");
    }

    private static long number(PaxRecords.Pax record) throws IOException {
        if (!record.text().matches("[0-9]{1,18}")) {
            throw malformed(record);
        }
        return Long.parseLong(record.text());
    }

    private OptionalLong number(String key) throws IOException {
        PaxRecords.Pax record = records.get(key);
        return record == null ? OptionalLong.empty() : OptionalLong.of(number(record));
    }

    boolean has(String key) {
        return records.containsKey(key);
    }

    Optional<byte[]> path() {
        return Optional.ofNullable(records.getOrDefault("GNU.sparse.name", records.get("path")))
                .map(PaxRecords.Pax::value);
    }

    Optional<byte[]> linkPath() {
        return Optional.ofNullable(records.get("linkpath")).map(PaxRecords.Pax::value);
    }

    OptionalLong size() throws IOException {
        return number("size");
    }

    long uid(long inHeader) throws IOException {
        return number("uid").orElse(inHeader);
    }

    long gid(long inHeader) throws IOException {
        return number("gid").orElse(inHeader);
    }

    String name(String key, String inHeader) {
        PaxRecords.Pax record = records.get(key);
        return record == null ? inHeader : new String(record.value(), StandardCharsets.UTF_8);
    }

    Timestamp modified(Timestamp inHeader) throws IOException {
        PaxRecords.Pax record = records.get("mtime");
        return record == null ? inHeader : PaxTime.parse(record.text());
    }

    // ---- holes

    /** Whether the content begins with a map: GNU's format 1.0. */
    boolean mapInContent() throws IOException {
        return number("GNU.sparse.major").orElse(0) == 1;
    }

    /** The length of a sparse file with its holes. */
    OptionalLong realSize() throws IOException {
        OptionalLong real = number("GNU.sparse.realsize");
        return real.isPresent() ? real : number("GNU.sparse.size");
    }

    /** Offsets and lengths of the regions with data by turns: GNU's formats 0.0 and 0.1. */
    Optional<List<Long>> map() throws IOException {
        PaxRecords.Pax map = records.get("GNU.sparse.map");
        if (map == null) {
            return numbers.isEmpty() ? Optional.empty() : Optional.of(numbers);
        }
        List<Long> all = new ArrayList<>();
        for (String number : map.text().split(",", -1)) {
            all.add(number(new PaxRecords.Pax(map.key(), number.getBytes(StandardCharsets.ISO_8859_1))));
        }
        return Optional.of(all);
    }

    // ---- attributes

    /** Attributes by name; an access control list that is there as text only, too. Security labels stay with their host. */
    List<ExtendedAttribute> attributes() {
        return attributes.entrySet().stream()
                .map(one -> new ExtendedAttribute(one.getKey().getBytes(StandardCharsets.ISO_8859_1), one.getValue()))
                .toList();
    }

    /** Turns lists in text into attributes; returns what could not be. */
    List<String> settleAcls(OwnerNames owners) {
        List<String> lost = new ArrayList<>();
        for (String kind : List.of("access", "default")) {
            PaxRecords.Pax text = records.get(ACL + kind);
            String attribute = "system.posix_acl_" + kind;
            if (text != null && !attributes.containsKey(attribute)) {
                Optional<byte[]> value = AclText.toValue(new String(text.value(), StandardCharsets.UTF_8), owners);
                value.ifPresentOrElse(
                        bytes -> attributes.put(attribute, bytes),
                        () -> lost.add("access control list that names somebody unknown here"));
            }
        }
        if (records.containsKey(ACL + "ace")) {
            lost.add("NFSv4 access control list");
        }
        return lost;
    }
}
