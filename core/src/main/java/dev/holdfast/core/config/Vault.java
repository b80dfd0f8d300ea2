package dev.holdfast.core.config;

import java.net.URI;
import java.util.Optional;

/**
 * The Vault that keeps keys, in privateer's form.
 *
 * @param prefix the path of our secrets, as written
 * @param token the token itself, or {@code $NAME} for the environment variable that holds it; never shown
 */
public record Vault(URI url, String prefix, Optional<String> token) {
    @Override
    public String toString() {
        return "Vault[url=" + url + ", prefix=" + prefix + ", token=" + (token.isPresent() ? "(set)" : "(not set)")
                + "]";
    }
}
