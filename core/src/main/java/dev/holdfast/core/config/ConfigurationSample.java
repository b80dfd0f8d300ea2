package dev.holdfast.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The commented example that {@code config sample} prints; it is a valid configuration. */
public final class ConfigurationSample {
    private ConfigurationSample() {}

    public static String text() {
        try (InputStream in = ConfigurationSample.class.getResourceAsStream("sample.yaml")) {
            if (in == null) {
                throw new IllegalStateException("the sample is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
