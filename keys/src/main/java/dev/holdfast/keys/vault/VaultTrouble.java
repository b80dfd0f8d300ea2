package dev.holdfast.keys.vault;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says what went wrong with a Vault, and what to do. */
final class VaultTrouble {
    private final URI url;

    VaultTrouble(URI url) {
        this.url = url;
    }

    private String vault() {
        return "the Vault at " + url;
    }

    /** Whether asking again is of no use. */
    static boolean isForGood(IOException e) {
        return e instanceof SSLException || isUnknownHost(e);
    }

    private static boolean isUnknownHost(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    KeyException unreachable(IOException e, VaultLimits limits) {
        if (e instanceof SSLException) {
            return untrusted(e);
        }
        String reason;
        if (isUnknownHost(e)) {
            reason = "no host of that name";
        } else if (e instanceof ConnectException) {
            reason = "connection refused";
        } else {
            reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        }
        String tries = limits.attempts() > 1 && !isForGood(e) ? ", asked " + limits.attempts() + " times" : "";
        return new KeyException(
                Reason.UNREACHABLE,
                "cannot reach " + vault() + ": " + reason.toLowerCase(Locale.ROOT) + tries,
                "Check `vault.url` in the configuration and the network: `curl " + url
                        + "/v1/sys/health`. Backups and restores need no Vault.",
                e);
    }

    private KeyException untrusted(IOException e) {
        String message = String.valueOf(e.getMessage());
        boolean plain = message.matches("(?i).*unrecognized SSL message.*");
        return new KeyException(
                Reason.UNREACHABLE,
                plain ? vault() + " does not speak TLS" : "cannot trust " + vault() + ": " + message,
                plain
                        ? "Write `http://` in `vault.url` if that is meant: keys then cross the network unprotected."
                        : "If it has a certificate authority of its own, name its PEM file by `vault.ca` in the"
                                + " configuration or by VAULT_CACERT.",
                e);
    }

    KeyException notAVault(VaultAnswer answer) {
        boolean tls = answer.plain().contains("HTTP request to an HTTPS server");
        return new KeyException(
                Reason.UNREACHABLE,
                "what answers at " + url + " (status " + answer.status() + ") is no Vault",
                tls
                        ? "It speaks TLS: write `https://` in `vault.url`."
                        : "Give `vault.url` as the address alone, such as https://vault.example.org:8200, without /v1 or"
                                + " /ui.");
    }

    /** After the last attempt, or at once when nobody but its operator can help. */
    KeyException unavailable(VaultAnswer answer) {
        String complaint = answer.complaint();
        if (answer.status() == 501 || complaint.contains("not initialized")) {
            return new KeyException(
                    Reason.UNREACHABLE,
                    vault() + " is not initialized",
                    "Its operator must run `vault operator init` first.");
        }
        if (complaint.contains("sealed")) {
            return new KeyException(
                    Reason.UNREACHABLE,
                    vault() + " is sealed",
                    "Have it unsealed (`vault operator unseal`), then run the same command again.");
        }
        String busy = answer.status() == 429 ? " (too many requests)" : "";
        return new KeyException(
                Reason.UNREACHABLE,
                vault() + " answers with status " + answer.status() + busy
                        + (complaint.isEmpty() ? "" : ": " + complaint),
                "Look at it with `vault status`, then run the same command again.");
    }

    /** {@code policies}: those of the token, when it is alive. */
    KeyException denied(String verb, String path, Optional<String> policies) {
        if (policies.isEmpty()) {
            return new KeyException(
                    Reason.DENIED,
                    vault() + " does not know the token, or no longer",
                    "Get a new one with `vault login`, give it by VAULT_TOKEN, and check it with `vault token lookup`.");
        }
        return new KeyException(
                Reason.DENIED,
                vault() + " does not let this token " + verb + " '" + path + "'",
                "Its policies are: " + policies.get() + ". Add `path \"" + path.replaceAll("\\?.*", "")
                        + "\" { capabilities = [" + capabilities(verb, path)
                        + "] }` to one of them (docs/guide/vault.md"
                        + " has them all).");
    }

    private static String capabilities(String verb, String path) {
        if (verb.equals("write")) {
            return "\"create\", \"read\", \"update\"";
        }
        return path.endsWith("?list=true") ? "\"list\"" : "\"read\"";
    }

    KeyException loginRefused(String method, VaultAnswer answer) {
        String hint = method.equals("github")
                ? "Check VAULT_AUTH_GITHUB_TOKEN, that it has the scope read:org, and that `vault auth list` shows github/."
                : "Check the role id and the secret id, which may have been used up, and that `vault auth list` shows"
                        + " approle/.";
        String complaint = answer.complaint();
        return new KeyException(
                Reason.DENIED,
                vault() + " refuses the " + method + " login" + (complaint.isEmpty() ? "" : ": " + complaint),
                hint);
    }

    KeyException noEngine(String path) {
        return new KeyException(
                Reason.MISSING,
                vault() + " has no key-value engine at '" + path + "'",
                "Check `vault.prefix`: it begins with the engine's mount point (`vault secrets list`). `vault secrets enable"
                        + " -path=secret -version=2 kv` makes one.");
    }

    KeyException malformed(String path, String why) {
        return new KeyException(
                Reason.MALFORMED,
                "secret '" + path + "' of " + vault() + " is not as Holdfast writes it: " + why,
                "Look at it with `vault kv get " + path + "`, and at its former versions.");
    }

    KeyException conflict(String path, boolean recoveryKey) {
        return new KeyException(
                Reason.BUSY,
                "somebody else changed '" + path + "' of " + vault() + " at the same time",
                (recoveryKey ? "A recovery key that was just shown is void: throw that paper away. " : "")
                        + "Run the same command again: it goes on from what is there now.");
    }

    KeyException unexpected(String verb, String path, VaultAnswer answer) {
        String complaint = answer.complaint();
        return new KeyException(
                Reason.IO,
                "cannot " + verb + " '" + path + "' of " + vault() + ": status " + answer.status()
                        + (complaint.isEmpty() ? "" : ", " + complaint),
                "Try the same with `vault kv get`, and see the Vault's audit log.");
    }
}
