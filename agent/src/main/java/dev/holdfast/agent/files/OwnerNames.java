package dev.holdfast.agent.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Names of users and groups, for people and for hosts with other numbers. From the local tables first, then the name service. */
public final class OwnerNames {
    private static final int NAME = 0;
    private static final int NUMBER = 2;

    private final boolean nameService;
    private final Map<Long, Optional<String>> users = new HashMap<>();
    private final Map<Long, Optional<String>> groups = new HashMap<>();

    private OwnerNames(boolean nameService) {
        this.nameService = nameService;
    }

    static OwnerNames withNameService() {
        return new OwnerNames(true);
    }

    static OwnerNames fromLocalTables() {
        return new OwnerNames(false);
    }

    public synchronized Optional<String> user(long uid) {
        if (users.isEmpty()) {
            read(Path.of("/etc/passwd"), users);
        }
        Optional<String> known = users.get(uid);
        if (known == null) {
            known = nameService ? NameService.user(uid) : Optional.empty();
            users.put(uid, known);
        }
        return known;
    }

    public synchronized Optional<String> group(long gid) {
        if (groups.isEmpty()) {
            read(Path.of("/etc/group"), groups);
        }
        Optional<String> known = groups.get(gid);
        if (known == null) {
            known = nameService ? NameService.group(gid) : Optional.empty();
            groups.put(gid, known);
        }
        return known;
    }

    /** The number of a user in the local tables. */
    public synchronized OptionalLong userNumber(String name) {
        if (users.isEmpty()) {
            read(Path.of("/etc/passwd"), users);
        }
        return number(users, name);
    }

    /** The number of a group in the local tables. */
    public synchronized OptionalLong groupNumber(String name) {
        if (groups.isEmpty()) {
            read(Path.of("/etc/group"), groups);
        }
        return number(groups, name);
    }

    private static OptionalLong number(Map<Long, Optional<String>> names, String name) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().filter(name::equals).isPresent())
                .mapToLong(Map.Entry::getKey)
                .findFirst();
    }

    /** The first name of a number wins, as in the C library. A missing or odd table only means fewer names. */
    private static void read(Path table, Map<Long, Optional<String>> names) {
        List<String> lines;
        try {
            lines = Files.readAllLines(table, StandardCharsets.ISO_8859_1);
        } catch (IOException absent) {
            return;
        }
        for (String line : lines) {
            String[] fields = line.split(":", -1);
            if (fields.length > NUMBER && fields[NUMBER].matches("[0-9]{1,10}") && !fields[NAME].isEmpty()) {
                String name = new String(fields[NAME].getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
                names.putIfAbsent(Long.parseLong(fields[NUMBER]), Optional.of(name));
            }
        }
    }
}
