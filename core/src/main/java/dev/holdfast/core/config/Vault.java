package dev.holdfast.core.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The Vault that keeps keys: privateer's {@code url}, {@code prefix} and {@code token}, and what else a Vault may ask for.
 *
 * @param prefix the path of our secrets, as written
 * @param login how to log in, unless the environment says it
 * @param namespace of Vault Enterprise and OpenBao
 * @param ca the PEM file of the Vault's certificate authority
 */
public record Vault(URI url, String prefix, Login login, Optional<String> namespace, Optional<Path> ca) {
    /** A token, or an AppRole; each a secret itself, or {@code $NAME} for the environment variable that holds it. Never shown. */
    public record Login(Optional<String> token, Optional<String> roleId, Optional<String> secretId) {
        @Override
        public String toString() {
            return "Login[token=" + shown(token) + ", role_id=" + shown(roleId) + ", secret_id=" + shown(secretId)
                    + "]";
        }
    }

    /** What may be shown of a secret: whether there is one. */
    static String shown(Optional<String> secret) {
        return secret.isPresent() ? "(set)" : "(not set)";
    }
}
