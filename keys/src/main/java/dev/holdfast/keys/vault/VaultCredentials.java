package dev.holdfast.keys.vault;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who asks the Vault: a token, or what a token is got with. Found as privateer finds it: the configured one, {@code VAULT_TOKEN},
 * {@code VAULT_AUTH_GITHUB_TOKEN}, and last the person. AppRole is ours beside it.
 */
public final class VaultCredentials {
    /** How to log in. */
    enum Kind {
        TOKEN,
        GITHUB,
        APPROLE
    }

    /** What the configuration says; each may be {@code $NAME}, the environment variable that holds it. */
    public record Configured(Optional<String> token, Optional<String> roleId, Optional<String> secretId) {
        @Override
        public String toString() {
            return "Configured[token " + (token.isPresent() ? "set" : "not set") + ", AppRole "
                    + (roleId.isPresent() ? "set" : "not set") + "]";
        }
    }

    private static final Pattern VARIABLE = Pattern.compile("\\$[A-Za-z0-9_-]+");
    private static final Pattern GITHUB = Pattern.compile("gh[a-z]_[A-Za-z0-9]+|github_pat_[A-Za-z0-9_]+");
    private static final Pattern VAULT = Pattern.compile("(hv)?[sbr]\\..+");
    private static final Pattern USABLE = Pattern.compile("[\\x21-\\x7e]{1,8192}");

    private final Kind kind;
    private final String secret;
    private final String role;
    private final String origin;

    private VaultCredentials(Kind kind, String secret, String role, String from) {
        this.kind = kind;
        this.secret = usable(secret, from);
        this.role = usable(role, from);
        this.origin = from;
    }

    /** The JDK quotes a header value that it refuses, so nothing unusable may get that far. */
    private static String usable(String secret, String from) {
        String stripped = secret.strip();
        if (!USABLE.matcher(stripped).matches()) {
            throw new KeyException(
                    Reason.MALFORMED,
                    "what " + from
                            + " holds cannot be a token for the Vault: it is empty or has spaces or line feeds in it",
                    "Set it to the token alone.");
        }
        return stripped;
    }

    /** What the configuration or the environment gives; empty when only a person can help. */
    public static Optional<VaultCredentials> find(Configured configured, Map<String, String> environment) {
        if (configured.token().isPresent()) {
            String token = resolved(configured.token().get(), "vault.token", environment);
            String variable = variable(configured.token().get())
                    .map(name -> " ($" + name + ")")
                    .orElse("");
            return Optional.of(ofToken(token, "vault.token of the configuration" + variable));
        }
        if (configured.roleId().isPresent() || configured.secretId().isPresent()) {
            return Optional.of(configuredRole(configured, environment));
        }
        if (isSet("VAULT_TOKEN", environment)) {
            return Optional.of(ofToken(environment.getOrDefault("VAULT_TOKEN", ""), "VAULT_TOKEN"));
        }
        if (isSet("VAULT_AUTH_GITHUB_TOKEN", environment)) {
            String token =
                    environment.getOrDefault("VAULT_AUTH_GITHUB_TOKEN", "").strip();
            Kind kind = VAULT.matcher(token).matches() ? Kind.TOKEN : Kind.GITHUB;
            return Optional.of(new VaultCredentials(kind, token, "-", "VAULT_AUTH_GITHUB_TOKEN"));
        }
        if (isSet("VAULT_ROLE_ID", environment) && isSet("VAULT_SECRET_ID", environment)) {
            return Optional.of(new VaultCredentials(
                    Kind.APPROLE,
                    environment.getOrDefault("VAULT_SECRET_ID", ""),
                    environment.getOrDefault("VAULT_ROLE_ID", ""),
                    "VAULT_ROLE_ID or VAULT_SECRET_ID"));
        }
        return Optional.empty();
    }

    /** The environment variable that a configured secret names instead of being one. */
    public static Optional<String> variable(String configured) {
        return VARIABLE.matcher(configured).matches() ? Optional.of(configured.substring(1)) : Optional.empty();
    }

    /** When only one half of an AppRole login is in the environment: what is missing. */
    public static Optional<String> halfOfRole(Map<String, String> environment) {
        boolean role = isSet("VAULT_ROLE_ID", environment);
        boolean secret = isSet("VAULT_SECRET_ID", environment);
        if (role == secret) {
            return Optional.empty();
        }
        return Optional.of(
                role
                        ? "VAULT_ROLE_ID is set, but VAULT_SECRET_ID is not"
                        : "VAULT_SECRET_ID is set, but VAULT_ROLE_ID is not");
    }

    /** What somebody typed: a token of Vault or of GitHub. */
    public static VaultCredentials typed(char[] token) {
        return ofToken(new String(token), "your answer");
    }

    private static VaultCredentials ofToken(String token, String from) {
        Kind kind = GITHUB.matcher(token.strip()).matches() ? Kind.GITHUB : Kind.TOKEN;
        return new VaultCredentials(kind, token, "-", from);
    }

    private static VaultCredentials configuredRole(Configured configured, Map<String, String> environment) {
        String role = configured.roleId().orElse("$VAULT_ROLE_ID");
        String secret = configured.secretId().orElse("$VAULT_SECRET_ID");
        return new VaultCredentials(
                Kind.APPROLE,
                resolved(secret, "vault.secret_id", environment),
                resolved(role, "vault.role_id", environment),
                "vault.role_id or vault.secret_id");
    }

    private static String resolved(String value, String key, Map<String, String> environment) {
        Optional<String> named = variable(value);
        if (named.isEmpty()) {
            return value;
        }
        String name = named.get();
        if (!isSet(name, environment)) {
            throw new KeyException(
                    Reason.MISSING,
                    "environment variable " + name + ", which " + key + " names, is not set",
                    "Run `export " + name + "=...` first, or take " + key
                            + " out of the configuration: VAULT_TOKEN is used then, or you are asked.");
        }
        return environment.getOrDefault(name, "");
    }

    private static boolean isSet(String name, Map<String, String> environment) {
        return !environment.getOrDefault(name, "").isBlank();
    }

    Kind kind() {
        return kind;
    }

    String secret() {
        return secret;
    }

    /** Where it was found, in words. */
    String origin() {
        return origin;
    }

    /** Whether it stands in the configuration, which goes before the environment. */
    boolean isConfigured() {
        return origin.startsWith("vault.");
    }

    String role() {
        return role;
    }

    @Override
    public String toString() {
        return "VaultCredentials " + kind;
    }
}
