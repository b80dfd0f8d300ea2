package dev.holdfast.keys.trust;

import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the certificates of one PEM file and in no others. */
public final class Authorities {
    private Authorities() {}

    /**
     * Reads the file and believes every certificate in it.
     *
     * @param whose what is trusted by it, such as {@code the Vault's certificate authority}
     * @param setting where the file is named, for the hint
     * @throws KeyException when the file cannot be read or has no certificate in it
     */
    public static SSLContext trusting(Path file, String whose, String setting) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("authority-" + number++, certificate);
            }
            if (number == 0) {
                throw new CertificateException("no certificate in it");
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new KeyException(
                    Reason.IO,
                    "cannot read " + whose + " from " + file + ": "
                            + (e instanceof CertificateException
                                    ? e.getMessage()
                                    : e.getClass().getSimpleName()),
                    "Name a PEM file (-----BEGIN CERTIFICATE-----) by " + setting + ".",
                    e);
        }
    }
}
