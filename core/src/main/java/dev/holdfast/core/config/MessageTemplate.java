package dev.holdfast.core.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The JSON body of a webhook, with {@code {{title}}} and the like inside its texts. What is put in is escaped for a JSON text, and
 * places outside of one are refused when the configuration is read, so that nothing a host says can change the form of the body.
 */
public final class MessageTemplate {
    /** What can be put in. */
    public static final List<String> FIELDS =
            List.of("kind", "title", "text", "host", "volume", "server", "at", "since", "last_good", "problem", "hint");

    private static final Pattern PLACE = Pattern.compile("\\{\\{\\s{0,20}([^{}\\s]{0,60})\\s{0,20}\\}\\}");
    /** No JSON outside of quotes, whatever is beside it. */
    private static final String SAMPLE = "a b";

    private final String text;

    private MessageTemplate(String text) {
        this.text = text;
    }

    static MessageTemplate of(String text) {
        return new MessageTemplate(text);
    }

    /** A name in it that is no field. */
    static Optional<String> unknownField(String text) {
        return PLACE.matcher(text)
                .results()
                .map(place -> place.group(1))
                .filter(field -> !FIELDS.contains(field))
                .findFirst();
    }

    /** Whether it is JSON whatever is put in. */
    static boolean isJson(String text) {
        try (JsonParser parser = new JsonFactory().createParser(filled(text, field -> SAMPLE))) {
            if (parser.nextToken() == null) {
                return false;
            }
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException e) {
            return false;
        }
    }

    /** The body with these values; one that is missing is empty. */
    public String render(Map<String, String> values) {
        return filled(text, field -> values.getOrDefault(field, ""));
    }

    private static String filled(String text, UnaryOperator<String> values) {
        return PLACE.matcher(text)
                .replaceAll(place -> Matcher.quoteReplacement(
                        new String(JsonStringEncoder.getInstance().quoteAsString(values.apply(place.group(1))))));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MessageTemplate template && template.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
