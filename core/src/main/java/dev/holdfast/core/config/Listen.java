package dev.holdfast.core.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An address and port to listen at; without an address, all of them. */
public record Listen(Optional<String> address, int port) {
    private static final Pattern WRITTEN = Pattern.compile(
            "(?<address>\\*|\\[[0-9A-Fa-f:.%A-Za-z0-9]{2,60}\\]|[A-Za-z0-9][A-Za-z0-9_.-]{0,252}):(?<port>\\d{1,5})");

    static Optional<Listen> parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group("port"));
        String address = matcher.group("address");
        if (port < 1 || port > 65535) {
            return Optional.empty();
        }
        String bare = address.startsWith("[") ? address.substring(1, address.length() - 1) : address;
        return Optional.of(new Listen(bare.equals("*") ? Optional.empty() : Optional.of(bare), port));
    }

    @Override
    public String toString() {
        return address.map(a -> a.contains(":") ? "[" + a + "]" : a).orElse("*") + ":" + port;
    }
}
