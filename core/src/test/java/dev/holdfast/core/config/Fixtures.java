package dev.holdfast.core.config;

import java.nio.file.Path;

/** Small configurations to start from. */
final class Fixtures {
    static final String MINIMAL = """
            servers:
              - name: annex
                hostname: annex.example.org
                port: 10022
                data: /srv/holdfast
            clients:
              - name: production
                backup: [data]
            volumes:
              - name: data
            """;

    private Fixtures() {}

    static Reading read(String text) {
        return ConfigurationReader.read(Path.of("holdfast.yaml"), text);
    }

    static Configuration valid(String text) {
        return read(text).orThrow();
    }
}
