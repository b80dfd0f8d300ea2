package dev.holdfast.keys.realm;

import java.util.Locale;

/** A short public sign of a realm key, in Crockford's alphabet: four groups of four symbols with dashes between them. */
public record CheckCode(String text) {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int BITS = 5;
    private static final int GROUP = 4;

    static CheckCode of(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < bytes.length * Byte.SIZE; bit += BITS) {
            int symbol = 0;
            for (int at = bit; at < bit + BITS; at++) {
                symbol = symbol << 1 | bytes[at / Byte.SIZE] >> (Byte.SIZE - 1 - at % Byte.SIZE) & 1;
            }
            if (bit > 0 && bit / BITS % GROUP == 0) {
                text.append('-');
            }
            text.append(ALPHABET.charAt(symbol));
        }
        return new CheckCode(text.toString());
    }

    /** Whether a person typed this one; case, dashes and spaces do not matter, O is taken for 0, and I and L for 1. */
    public boolean matches(String typed) {
        return plain(typed).equals(plain(text));
    }

    private static String plain(String typed) {
        return typed.toUpperCase(Locale.ROOT)
                .replaceAll("[\\s_.-]", "")
                .replace('O', '0')
                .replaceAll("[IL]", "1");
    }

    @Override
    public String toString() {
        return text;
    }
}
