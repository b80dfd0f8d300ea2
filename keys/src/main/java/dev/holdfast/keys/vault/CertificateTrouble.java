package dev.holdfast.keys.vault;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;

/** Says in plain words why the certificate of a Vault is not trusted, and what to set. */
final class CertificateTrouble {
    private static final int HTTPS = 443;

    private final String vault;
    private final URI url;
    private final Optional<Path> authorities;

    /** @param authorities the file that was trusted, instead of what Java does */
    CertificateTrouble(String vault, URI url, Optional<Path> authorities) {
        this.vault = vault;
        this.url = url;
        this.authorities = authorities;
    }

    KeyException of(IOException e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof CertificateExpiredException || at instanceof CertificateNotYetValidException) {
                return untrusted(
                        "its certificate is not valid now: " + at.getMessage(),
                        "Have the Vault's operator renew it; or set the clock of this machine, if that is wrong (`date`). ",
                        e);
            }
            if (at instanceof CertPathBuilderException) {
                return untrusted(
                        "its certificate is signed by an authority that "
                                + authorities
                                        .map(file -> file + " does not have")
                                        .orElse("this machine does not know"),
                        authorities
                                .map(file ->
                                        "Put the certificate of the authority that signed it, as PEM, into the file that"
                                                + " `vault.ca` or VAULT_CACERT names. ")
                                .orElse(
                                        "If the Vault has a certificate authority of its own, name its PEM file by `vault.ca`"
                                                + " in the configuration or by VAULT_CACERT. "),
                        e);
            }
            if (String.valueOf(at.getMessage()).matches("(?i)No (name matching|subject alternative).*")) {
                return untrusted(
                        "its certificate is for another name than '" + url.getHost() + "'",
                        "Write a name that the certificate has into `vault.url`. ",
                        e);
            }
        }
        return untrusted(
                String.valueOf(e.getMessage()),
                "If the Vault has a certificate authority of its own, name its PEM file by `vault.ca` in the configuration or"
                        + " by VAULT_CACERT. ",
                e);
    }

    private KeyException untrusted(String why, String hint, IOException e) {
        return new KeyException(Reason.UNREACHABLE, "cannot trust " + vault + ": " + why, hint + look(), e);
    }

    private String look() {
        String place = url.getHost() + ":" + (url.getPort() < 0 ? HTTPS : url.getPort());
        return "`openssl s_client -connect " + place + " -showcerts </dev/null` shows what it has.";
    }
}
