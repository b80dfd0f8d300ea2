package dev.holdfast.cli.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Why a detached process ended before it answered: it said so itself, in its last line, as every command does. */
final class StartFailure {
    private StartFailure() {}

    /**
     * @param who such as {@code server 'vault'}
     * @param places where it may have said more
     */
    static HoldfastException of(String who, String places, int exitCode, String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        for (int i = lines.size() - 1; i >= 0; i--) {
            Optional<Problem> problem = problem(lines.get(i));
            if (problem.isPresent()) {
                return problem.get().asException();
            }
        }
        String last = lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1);
        return Problem.of(
                        ProblemCode.FAILED,
                        who + " ended while it started, with exit code " + exitCode + ": " + last,
                        "See " + places + ".")
                .asException();
    }

    private static Optional<Problem> problem(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = new JsonFactory().createParser(line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                if (json.nextToken().isScalarValue()) {
                    fields.put(name, json.getText());
                } else {
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // something else that begins with a brace
        }
        return Arrays.stream(ProblemCode.values())
                .filter(code -> code.label().equals(fields.get("problem")))
                .findFirst()
                .map(code ->
                        Problem.of(code, fields.getOrDefault("message", "unknown"), fields.getOrDefault("hint", "")));
    }
}
