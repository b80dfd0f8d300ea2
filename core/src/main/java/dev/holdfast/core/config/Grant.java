package dev.holdfast.core.config;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a host may restore: a pattern for the host that backed it up and one for the volume; {@code *} stands for any characters. */
public record Grant(String source, String volume) {
    private static final Pattern PART = Pattern.compile("[A-Za-z0-9_.*-]{1,100}");
    static final String ANY = "*";

    /** {@code source/volume}, or a bare {@code volume} of any source. */
    static Optional<Grant> parse(String text) {
        int slash = text.indexOf('/');
        String source = slash < 0 ? ANY : text.substring(0, slash);
        String volume = text.substring(slash + 1);
        boolean good = PART.matcher(source).matches() && PART.matcher(volume).matches();
        return good ? Optional.of(new Grant(source, volume)) : Optional.empty();
    }

    static boolean isPattern(String part) {
        return part.contains(ANY);
    }

    boolean matches(String host, String name) {
        return matchesPart(source, host) && matchesPart(volume, name);
    }

    static boolean matchesPart(String pattern, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return NamePattern.compile(pattern).matches(bytes, 0, bytes.length);
    }

    @Override
    public String toString() {
        return source + "/" + volume;
    }
}
