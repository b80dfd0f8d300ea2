package dev.holdfast.core.config;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code holdfast.yaml} or {@code privateer.json} and reports everything that is wrong with it at once. */
public final class ConfigurationReader {
    private static final String KEYS_FOLDER = "keys";
    private static final String JSON = ".json";

    private ConfigurationReader() {}

    /** Reads a file; {@link dev.holdfast.core.problem.HoldfastException} only when it cannot be read at all. */
    public static Reading read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file, in.readNBytes(DocumentParser.MOST_BYTES + 1));
        } catch (NoSuchFileException e) {
            throw ConfigurationFiles.missing("no configuration at " + file);
        } catch (IOException e) {
            throw Problem.of(
                            ProblemCode.IO,
                            "cannot read the configuration " + file + ": " + e.getMessage(),
                            "Check that it is a file and that you may read it.")
                    .asException();
        }
    }

    /** Reads text as if it stood in {@code file}; the folder of that file is where relative paths start. */
    public static Reading read(Path file, String text) {
        return read(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads bytes as if they stood in {@code file}. */
    public static Reading read(Path file, byte[] bytes) {
        Path place = file.toAbsolutePath().normalize();
        String name = String.valueOf(place.getFileName());
        if (bytes.length > DocumentParser.MOST_BYTES) {
            SourceText nothing = new SourceText(name, "");
            return new Reading(file, Optional.empty(), List.of(nothing.whole("the file is larger than 1 MiB", "")));
        }
        String text = DocumentParser.decode(bytes);
        SourceText source = new SourceText(name, text);
        Findings findings = new Findings(source);
        if (!DocumentParser.isUtf8(bytes)) {
            findings.add(source.atEnd("not UTF-8 from here on", "save the file as UTF-8"));
            return new Reading(file, Optional.empty(), findings.all());
        }
        Optional<Configuration> configuration = DocumentParser.parse(source, text, findings)
                .flatMap(root -> configuration(place, name, root, findings));
        return new Reading(file, configuration, findings.all());
    }

    private static Optional<Configuration> configuration(Path file, String name, Node root, Findings findings) {
        Path folder = Optional.ofNullable(file.getParent()).orElse(file);
        Optional<SectionReader.Draft> draft = new SectionReader(findings, folder).read(root);
        CrossCheck.run(root, findings, name.endsWith(JSON));
        if (draft.isEmpty() || !findings.none()) {
            return Optional.empty();
        }
        SectionReader.Draft read = draft.get();
        return Optional.of(new Configuration(
                file,
                read.servers(),
                read.clients(),
                read.volumes(),
                realms(read),
                read.operators(),
                read.readers(),
                read.limits(),
                read.timeZone(),
                read.keys().orElse(folder.resolve(KEYS_FOLDER)),
                read.vault(),
                read.channels(),
                read.watch(),
                read.tag(),
                Origins.of(name, root)));
    }

    /** Realms with all their members; the one that names none has all clients that no other names. */
    private static List<Realm> realms(SectionReader.Draft draft) {
        List<String> everyone = draft.clients().stream().map(Client::name).toList();
        List<SectionReader.DraftRealm> written = draft.realms().orElse(List.of());
        if (written.isEmpty()) {
            return List.of(new Realm(Realm.DEFAULT_NAME, Realm.ServerRole.SEALED, everyone));
        }
        List<String> named = written.stream()
                .flatMap(realm -> realm.members().stream().flatMap(List::stream))
                .toList();
        List<String> rest =
                everyone.stream().filter(host -> !named.contains(host)).toList();
        return written.stream()
                .map(realm ->
                        new Realm(realm.name(), realm.server(), realm.members().orElse(rest)))
                .toList();
    }
}
