package dev.holdfast.keys.machine;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;

/**
 * By which a machine is known over SSH. Holdfast makes keys of the first kind; one of the second is what privateer left, until it is
 * rotated. Equal keys are equal values.
 */
public sealed interface SshPublicKey permits Ed25519PublicKey, RsaPublicKey {

    /** Reads {@code TYPE BASE64 [comment]}. */
    static SshPublicKey parse(String line) {
        String[] fields = line.strip().split(" +", 3);
        if (fields.length < 2) {
            throw SshWire.noKey();
        }
        SshPublicKey key = ofBase64(fields[1]);
        if (!key.type().equals(fields[0])) {
            throw SshWire.noKey();
        }
        return key;
    }

    /** Reads what {@link #base64} gives. */
    static SshPublicKey ofBase64(String text) {
        byte[] blob;
        try {
            blob = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw SshWire.noKey();
        }
        SshPublicKey key = ofBlob(blob);
        if (!key.base64().equals(text)) {
            throw SshWire.noKey();
        }
        return key;
    }

    /** Reads what {@link #blob} gives. */
    static SshPublicKey ofBlob(byte[] blob) {
        String type;
        try {
            type = SshWire.text(ByteBuffer.wrap(blob));
        } catch (BufferUnderflowException e) {
            throw SshWire.noKey();
        }
        return switch (type) {
            case Ed25519PublicKey.TYPE -> Ed25519PublicKey.ofBlob(blob);
            case RsaPublicKey.TYPE -> RsaPublicKey.ofBlob(blob);
            default -> throw SshWire.noKey();
        };
    }

    /** From a key of the JDK or of another provider. */
    static SshPublicKey of(PublicKey key) {
        byte[] encoded = key.getEncoded();
        if (encoded != null && Ed25519PublicKey.isEncoded(encoded)) {
            return Ed25519PublicKey.ofEncoded(encoded);
        }
        if (key instanceof RSAPublicKey rsa) {
            return new RsaPublicKey(rsa.getPublicExponent(), rsa.getModulus());
        }
        throw SshWire.noKey();
    }

    /** How SSH calls this kind of key. */
    String type();

    /** Whether it is of a kind that Holdfast makes for nobody, and takes only until it is rotated. */
    boolean isLegacy();

    /** The key as SSH sends it: the type and what is its own, each with its length. */
    byte[] blob();

    /** As the JDK's key type. */
    PublicKey toJava();

    default String base64() {
        return Base64.getEncoder().encodeToString(blob());
    }

    /** {@code TYPE AAAA... comment}. */
    default String line(String comment) {
        return type() + " " + base64() + " " + comment;
    }

    /** As {@code ssh-keygen -l} shows it: {@code SHA256:...}. */
    default String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob());
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 does not work on this Java", e);
        }
    }
}
