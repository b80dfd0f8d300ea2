package dev.holdfast.keys.vault;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong with a Vault, and what to do. */
final class VaultTrouble {
    private static final Pattern NO_ADDRESS = Pattern.compile(".*(/v1|/ui)/?");

    /** What servers that speak TLS answer to plain HTTP, those written in Go and others. */
    private static final Pattern TO_TLS =
            Pattern.compile("(?i)HTTP request (to an HTTPS server|was sent to (an )?HTTPS port)");

    private static final String TO_HTTPS =
            "Write `https://` in `vault.url`. If the Vault has a certificate authority of its own, also name its PEM file by"
                    + " `vault.ca` or by VAULT_CACERT.";

    private final URI url;
    private final Optional<Path> authorities;
    private final boolean namespaced;
    private final VaultCredentials credentials;

    VaultTrouble(VaultSettings settings, VaultCredentials credentials) {
        this.credentials = credentials;
        this.url = settings.url();
        this.authorities = settings.authorities();
        this.namespaced = settings.namespace().isPresent();
    }

    String vault() {
        return "the Vault at " + url;
    }

    /** Whether asking again is of no use. */
    static boolean isForGood(IOException e) {
        return e instanceof SSLException || isNoHttp(e) || isUnknownHost(e);
    }

    private static boolean isUnknownHost(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    static String reason(IOException e) {
        if (isUnknownHost(e)) {
            return "no host of that name";
        }
        if (e instanceof ConnectException) {
            return "connection refused";
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.toLowerCase(Locale.ROOT);
    }

    /** @param asked how often */
    KeyException unreachable(IOException e, int asked) {
        if (e instanceof SSLException) {
            return untrusted(e);
        }
        if (isPlain() && isNoHttp(e)) {
            return wantsTls(e);
        }
        if (isPlain() && saidNothing(e)) {
            return new KeyException(
                    Reason.UNREACHABLE,
                    vault() + " takes plain http and hangs up without an answer, asked " + asked + " times",
                    "It may want https. " + TO_HTTPS,
                    e);
        }
        String tries = asked > 1 && !isForGood(e) ? ", asked " + asked + " times" : "";
        return new KeyException(
                Reason.UNREACHABLE,
                "cannot reach " + vault() + ": " + reason(e) + tries,
                "Check `vault.url` in the configuration and the network: `curl " + url
                        + "/v1/sys/health`. Backups and restores need no Vault.",
                e);
    }

    /** Whoever speaks TLS answers plain HTTP with bytes that are none, when it answers. */
    private static boolean isNoHttp(IOException e) {
        return e instanceof ProtocolException
                && String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("status line");
    }

    private static boolean saidNothing(IOException e) {
        return String.valueOf(e.getMessage()).contains("received no bytes");
    }

    private boolean isPlain() {
        return "http".equalsIgnoreCase(url.getScheme());
    }

    private KeyException wantsTls(@Nullable Throwable cause) {
        KeyException e = new KeyException(
                Reason.UNREACHABLE, vault() + " wants https, and the configuration says http", TO_HTTPS);
        if (cause != null) {
            e.initCause(cause);
        }
        return e;
    }

    private KeyException untrusted(IOException e) {
        boolean plain = String.valueOf(e.getMessage()).matches("(?i).*unrecognized SSL message.*");
        if (plain) {
            return new KeyException(
                    Reason.UNREACHABLE,
                    vault() + " does not speak TLS",
                    "Write `http://` in `vault.url` if that is meant: keys then cross the network unprotected.",
                    e);
        }
        return new CertificateTrouble(vault(), url, authorities).of(e);
    }

    KeyException notAVault(VaultAnswer answer) {
        if (isPlain() && TO_TLS.matcher(answer.plain()).find()) {
            return wantsTls(null);
        }
        return new KeyException(
                Reason.UNREACHABLE,
                "what answers at " + url + " (status " + answer.status() + ") is no Vault",
                "Give `vault.url` as the address alone, such as https://vault.example.org:8200, without /v1 or"
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
                    vault() + " does not know the token of " + credentials.origin() + ", or no longer",
                    addressHint()
                            + (credentials.isConfigured()
                                    ? "What the configuration says goes before VAULT_TOKEN: take it out there, or put a good one"
                                            + " in. "
                                    : "")
                            + "Get a new one with `vault login`, give it by VAULT_TOKEN, and check it with `vault token lookup`."
                            + namespaceHint());
        }
        return new KeyException(
                Reason.DENIED,
                vault() + " does not let this token " + verb + " '" + path + "'",
                "Its policies are: " + policies.get() + ". Add `path \"" + path.replaceAll("\\?.*", "")
                        + "\" { capabilities = [" + capabilities(verb, path)
                        + "] }` to one of them (docs/guide/vault.md"
                        + " has them all)." + namespaceHint());
    }

    /** Below {@code /v1} a Vault knows other paths, and answers as to somebody who may do nothing. */
    private String addressHint() {
        Matcher end = NO_ADDRESS.matcher(url.toString());
        return end.matches()
                ? "`vault.url` ends in `" + end.group(1) + "`: give the address alone, Holdfast adds the rest. "
                : "";
    }

    /** What lies in a namespace is not to be seen without naming it, as if it were not there or forbidden. */
    private String namespaceHint() {
        return namespaced ? "" : " If this Vault has namespaces, say which by `vault.namespace` or VAULT_NAMESPACE.";
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
                addressHint() + hint + namespaceHint());
    }

    KeyException noEngine(String path) {
        return new KeyException(
                Reason.MISSING,
                vault() + " has no key-value engine at '" + path + "'",
                addressHint()
                        + "Check `vault.prefix`: it begins with the engine's mount point (`vault secrets list`). `vault secrets"
                        + " enable -path=secret -version=2 kv` makes one." + namespaceHint());
    }

    /** @param whole whether there is no such secret at all */
    KeyException missing(String path, String field, boolean whole) {
        return new KeyException(
                Reason.MISSING,
                whole
                        ? "there is no secret '" + path + "' in " + vault()
                        : "secret '" + path + "' of " + vault() + " has no field '" + field + "'",
                "Look at `vault.prefix` of the configuration first: where it is mistyped, keys are looked for in the wrong"
                        + " place. If it is right, run `holdfast keygen --all`.");
    }

    KeyException deleted(String path, long version) {
        return new KeyException(
                Reason.MISSING,
                "version " + version + " of secret '" + path + "' of " + vault() + ", which is the last, was deleted",
                "Bring it back with `vault kv undelete -versions=" + version + " " + path
                        + "`. Where nothing may ever need it again, `vault kv metadata delete " + path
                        + "` lets new keys be made.");
    }

    KeyException malformed(String path, String why, boolean versioned) {
        return new KeyException(
                Reason.MALFORMED,
                "secret '" + path + "' of " + vault() + " is not as Holdfast writes it: " + why,
                "Look at it with `vault kv get " + path + "`. " + wayBack(path, versioned));
    }

    String wayBack(String path, boolean versioned) {
        return versioned
                ? "In the Vault, `vault kv metadata get " + path
                        + "` shows its former versions, and `vault kv rollback -version=N " + path
                        + "` brings one back."
                : "The engine is of version 1 and keeps no former versions of '" + path
                        + "': only a backup of the Vault has them.";
    }

    KeyException conflict(String path) {
        return new KeyException(
                Reason.BUSY,
                "somebody else changed '" + path + "' of " + vault() + " at the same time",
                "Run the same command again: it goes on from what is there now.");
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
