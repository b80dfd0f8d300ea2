package dev.holdfast.keys.vault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** One answer: status and body. The body may hold secrets: {@link #json} is for those that do not. */
final class VaultAnswer {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_COMPLAINT = 300;

    private final int status;
    private final byte[] body;

    VaultAnswer(int status, byte[] body) {
        this.status = status;
        this.body = body;
    }

    int status() {
        return status;
    }

    boolean isGood() {
        return status >= 200 && status < 300;
    }

    /** Not copied; whoever takes secrets out of it wipes it. */
    byte[] body() {
        return body;
    }

    void wipe() {
        Arrays.fill(body, (byte) 0);
    }

    /** A Vault answers with an object of JSON or with nothing at all. */
    boolean isOfVault() {
        return status == 204 || json().isObject();
    }

    JsonNode json() {
        try {
            JsonNode node = body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (IOException e) {
            // Whatever this is, it is not of a Vault; the caller says so.
            return MissingNode.getInstance();
        }
    }

    /** What the Vault complains of, on one line. */
    String complaint() {
        String text = StreamSupport.stream(json().path("errors").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining("; "));
        return brief(text);
    }

    /** The start of a body that is no JSON. */
    String plain() {
        return brief(new String(body, 0, Math.min(body.length, LONGEST_COMPLAINT), StandardCharsets.UTF_8));
    }

    private static String brief(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() <= LONGEST_COMPLAINT ? line : line.substring(0, LONGEST_COMPLAINT) + "...";
    }

    @Override
    public String toString() {
        return "VaultAnswer " + status;
    }
}
