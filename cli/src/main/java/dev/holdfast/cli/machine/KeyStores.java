package dev.holdfast.cli.machine;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Vault;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.keys.vault.VaultCredentials;
import dev.holdfast.keys.vault.VaultKeyStore;
import dev.holdfast.keys.vault.VaultLimits;
import dev.holdfast.keys.vault.VaultSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Opens the key store of a configuration: the Vault that it names, else the folder. Failures are {@link KeyException}s. */
public final class KeyStores {
    private final Map<String, String> environment;
    private final Prompt prompt;
    private final Consumer<String> notices;

    /** Asks the person for a secret; empty when there is nobody to ask. */
    @FunctionalInterface
    public interface Prompt {
        Optional<char[]> ask(String question);
    }

    /** {@code notices} is told while a Vault keeps everybody waiting. */
    public KeyStores(Map<String, String> environment, Prompt prompt, Consumer<String> notices) {
        this.notices = notices;
        this.environment = environment;
        this.prompt = prompt;
    }

    /** For work on it; the folder need not exist. */
    public KeyStore open(Configuration configuration) {
        if (configuration.vault().isEmpty()) {
            return new DirectoryKeyStore(configuration.keys());
        }
        Vault vault = configuration.vault().get();
        VaultCredentials credentials =
                VaultCredentials.find(configured(vault), environment).orElseGet(() -> asked(vault));
        return VaultKeyStore.open(settings(vault), credentials, VaultLimits.standard(notices));
    }

    /** For a look at what it has, without a question to anybody and without much patience; empty when it is not to be had so. */
    public Optional<KeyStore> openForLook(Configuration configuration) {
        if (configuration.vault().isEmpty()) {
            return isHere(configuration) ? Optional.of(open(configuration)) : Optional.empty();
        }
        Vault vault = configuration.vault().get();
        return VaultCredentials.find(configured(vault), environment)
                .map(credentials -> VaultKeyStore.open(settings(vault), credentials, VaultLimits.impatient()));
    }

    /** By the token that a person types after that question; empty when there is nobody to ask, or no answer. */
    public Optional<KeyStore> openTyped(Configuration configuration, String question) {
        return configuration
                .vault()
                .flatMap(vault -> typed(question)
                        .map(credentials ->
                                VaultKeyStore.open(settings(vault), credentials, VaultLimits.standard(notices))));
    }

    /** Whether the key store is a Vault for which neither the configuration nor the environment has a token. */
    public boolean isClosed(Configuration configuration) {
        return whyClosed(configuration).isPresent();
    }

    /** What {@link #open} would say of a closed Vault if there were nobody to ask. */
    public Optional<KeyException> whyClosed(Configuration configuration) {
        return configuration.vault().flatMap(this::whyClosed);
    }

    private Optional<KeyException> whyClosed(Vault vault) {
        try {
            return VaultCredentials.find(configured(vault), environment).isPresent()
                    ? Optional.empty()
                    : Optional.of(noToken(vault));
        } catch (KeyException e) {
            if (e.reason() == Reason.MISSING) {
                // The configuration names a variable that is not set here.
                return Optional.of(e);
            }
            throw e;
        }
    }

    /** Whether there is a key store that this machine can open: a Vault is taken to be one. */
    public static boolean isHere(Configuration configuration) {
        return configuration.vault().isPresent() || Files.isDirectory(configuration.keys());
    }

    /** Whether there is one that this machine can open without asking anybody. */
    public boolean isAtHand(Configuration configuration) {
        return isHere(configuration) && !isClosed(configuration);
    }

    /** What to call the key store that {@link #openForLook} found closed. */
    public static String name(Configuration configuration) {
        return configuration
                .vault()
                .map(vault -> "the Vault at " + vault.url())
                .orElse(configuration.keys().toString());
    }

    /** For advice to run what opens the key store: the variables that this takes, in brackets after a blank; empty when none. */
    static String withToken(Configuration configuration) {
        List<String> variables = configuration.vault().map(Vault::login).stream()
                .flatMap(KeyStores::wanted)
                .flatMap(secret -> VaultCredentials.variable(secret).stream())
                .toList();
        return variables.isEmpty() ? "" : " (with " + String.join(" and ", variables) + ")";
    }

    private static Stream<String> wanted(Vault.Login login) {
        if (login.token().isEmpty()
                && (login.roleId().isPresent() || login.secretId().isPresent())) {
            return Stream.of(
                    login.roleId().orElse("$VAULT_ROLE_ID"), login.secretId().orElse("$VAULT_SECRET_ID"));
        }
        return Stream.of(login.token().orElse("$VAULT_TOKEN"));
    }

    private VaultSettings settings(Vault vault) {
        Optional<Path> authorities =
                vault.ca().or(() -> variable("VAULT_CACERT").map(Path::of));
        Optional<String> namespace = vault.namespace().or(() -> variable("VAULT_NAMESPACE"));
        return new VaultSettings(vault.url(), vault.prefix(), namespace, authorities);
    }

    private Optional<String> variable(String name) {
        return Optional.of(environment.getOrDefault(name, "").strip()).filter(value -> !value.isEmpty());
    }

    private static VaultCredentials.Configured configured(Vault vault) {
        Vault.Login login = vault.login();
        return new VaultCredentials.Configured(login.token(), login.roleId(), login.secretId());
    }

    private VaultCredentials asked(Vault vault) {
        return typed("token of Vault or GitHub for " + vault.url() + " (not shown): ")
                .orElseThrow(() -> noToken(vault));
    }

    private Optional<VaultCredentials> typed(String question) {
        char[] typed = prompt.ask(question).orElse(new char[0]);
        try {
            return typed.length == 0 ? Optional.empty() : Optional.of(VaultCredentials.typed(typed));
        } finally {
            Arrays.fill(typed, ' ');
        }
    }

    private KeyException noToken(Vault vault) {
        return new KeyException(
                Reason.MISSING,
                "no token for the Vault at " + vault.url()
                        + VaultCredentials.halfOfRole(environment)
                                .map(half -> ": " + half)
                                .orElse(""),
                "Set VAULT_TOKEN, VAULT_AUTH_GITHUB_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID; on a terminal you"
                        + " are asked for one.");
    }
}
