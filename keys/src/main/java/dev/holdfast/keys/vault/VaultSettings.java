package dev.holdfast.keys.vault;

import dev.holdfast.keys.KeyException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a Vault is and where in it our secrets are.
 *
 * @param prefix the path of our secrets with the mount point of the engine, such as {@code /secret/ship/privateer}
 * @param authorities a PEM file of the certificates that sign the Vault's own, in the place of those that Java knows
 */
public record VaultSettings(URI url, String prefix, Optional<String> namespace, Optional<Path> authorities) {
    /** The mount point that privateer takes when the prefix does not begin with it. */
    static final String USUAL_MOUNT = "secret";

    public VaultSettings {
        if (segments(prefix).isEmpty()) {
            throw new KeyException(
                    KeyException.Reason.MALFORMED,
                    "prefix of the Vault names no path",
                    "Write the path of the secrets into the configuration, such as `prefix: /secret/privateer`.");
        }
    }

    /** The paths that the prefix can mean: privateer looks below {@code secret/} even when the prefix does not say so. */
    List<String> candidates() {
        List<String> segments = segments(prefix);
        String written = String.join("/", segments);
        return segments.get(0).equals(USUAL_MOUNT) ? List.of(written) : List.of(written, USUAL_MOUNT + "/" + written);
    }

    private static List<String> segments(String path) {
        return Arrays.stream(path.split("/", -1))
                .map(String::strip)
                .filter(segment -> !segment.isEmpty())
                .toList();
    }

    /** The address of an API path, such as {@code sys/health}; what is after {@code ?} is taken as it is. */
    URI address(String path) {
        int question = path.indexOf('?');
        String query = question < 0 ? "" : path.substring(question);
        String encoded = segments(question < 0 ? path : path.substring(0, question)).stream()
                .map(segment ->
                        URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        String base = url.toString().replaceAll("/+$", "");
        return URI.create(base + "/v1/" + encoded + query);
    }
}
