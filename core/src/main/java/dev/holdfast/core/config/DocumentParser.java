package dev.holdfast.core.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/**
 * Bytes to YAML nodes. The composer recurses, so a first pass over the events, which does not, refuses what is nested too deeply;
 * it also limits how much aliases may stand for, so that a small file cannot become a large tree.
 */
final class DocumentParser {
    static final int MOST_BYTES = 1 << 20;
    static final int MOST_NESTING = 32;
    static final int MOST_ALIASES = 50;

    private final LoadSettings settings;
    private final SourceText source;
    private final Findings findings;
    private final String text;

    private DocumentParser(SourceText source, Findings findings, String text) {
        this.settings = LoadSettings.builder()
                .setLabel(source.file())
                .setSchema(new JsonSchema())
                .setAllowNonScalarKeys(true)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setCodePointLimit(MOST_BYTES + 1)
                .build();
        this.source = source;
        this.findings = findings;
        this.text = text;
    }

    /** The text of the bytes as far as they are UTF-8. */
    static String decode(byte[] bytes) {
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        decoder().decode(ByteBuffer.wrap(bytes), out, true);
        return out.flip().toString();
    }

    /** Whether the bytes are UTF-8 to the end. */
    static boolean isUtf8(byte[] bytes) {
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder().decode(ByteBuffer.wrap(bytes), out, true);
        return !result.isError();
    }

    private static CharsetDecoder decoder() {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** The root of the only document; empty when a problem was found. */
    static Optional<Node> parse(SourceText source, String text, Findings findings) {
        return new DocumentParser(source, findings, text).parse();
    }

    private Optional<Node> parse() {
        try {
            if (!shallow(parser())) {
                return Optional.empty();
            }
            Optional<Node> root = new Composer(settings, parser()).getSingleNode();
            if (root.isEmpty()) {
                findings.add(source.at(0, 0, 1, "the file is empty", "see `holdfast config sample`"));
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            syntax(e);
        } catch (ReaderException notPrintable) {
            unreadable();
        } catch (YamlEngineException e) {
            findings.add(source.whole("not YAML: " + Findings.brief(String.valueOf(e.getMessage())), ""));
        }
        return Optional.empty();
    }

    private ParserImpl parser() {
        return new ParserImpl(settings, new StreamReader(settings, text));
    }

    private boolean shallow(ParserImpl events) {
        int depth = 0;
        int aliases = 0;
        while (events.hasNext()) {
            Event event = events.next();
            switch (event.getEventId()) {
                case SequenceStart, MappingStart -> depth++;
                case SequenceEnd, MappingEnd -> depth--;
                case Alias -> aliases++;
                default -> {
                    // Nothing else opens, closes or repeats anything.
                }
            }
            if (depth > MOST_NESTING || aliases > MOST_ALIASES) {
                String message = depth > MOST_NESTING
                        ? "nested more than " + MOST_NESTING + " deep"
                        : "more than " + MOST_ALIASES + " aliases";
                event.getStartMark().ifPresent(mark -> report(mark, message, ""));
                return false;
            }
        }
        return true;
    }

    private void syntax(MarkedYamlEngineException e) {
        String problem = Findings.brief(e.getProblem().replaceAll("\\.? ?\\(Do not use.*\\)", ""));
        String context = e.getContext() == null ? "" : e.getContext().strip();
        String message = "not valid YAML: " + (context.isEmpty() ? "" : Findings.brief(context) + ", ") + problem;
        Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
        if (mark.isEmpty()) {
            findings.add(source.whole(message, ""));
        } else {
            report(mark.get(), message, advice(problem));
        }
    }

    private static String advice(String problem) {
        String lower = problem.toLowerCase(Locale.ROOT);
        if (lower.contains("tab")) {
            return "indent with blanks";
        }
        return lower.contains("mapping values are not allowed")
                ? "check the indentation, or put the text in quotes"
                : "";
    }

    private void report(Mark mark, String message, String suggestion) {
        boolean end = mark.getLine() >= source.lineCount();
        findings.add(
                source.at(end ? source.lineCount() - 1 : mark.getLine(), mark.getColumn(), 1, message, suggestion));
    }

    /** Finds the first character that YAML does not allow; the library only tells its place within a buffer. */
    private void unreadable() {
        int line = 0;
        int column = 0;
        for (int point : text.codePoints().toArray()) {
            if (!StreamReader.isPrintable(point)) {
                break;
            }
            boolean newLine = point == '\n';
            line += newLine ? 1 : 0;
            column = newLine ? 0 : column + 1;
        }
        findings.add(source.at(line, column, 1, "a character that YAML does not allow", "remove it"));
    }
}
