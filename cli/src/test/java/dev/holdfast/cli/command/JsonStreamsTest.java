package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdfast.cli.launch.ProgramRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code --json}, programs read both streams: every line on them is one JSON object, whatever the command. */
final class JsonStreamsTest {
    private static final Path HELP = Path.of("src/test/golden/help");

    /** Stay, or start what stays: what they print when they begin is looked at where they are tested. */
    private static final Set<String> STAYING = Set.of("server run", "schedule run", "schedule start", "demo");

    @TempDir
    Path folder;

    private final Set<String> tried = new TreeSet<>();

    @Test
    void everyCommandWritesNothingButJson() throws IOException {
        SetupSite setting = new SetupSite(Files.createDirectories(folder.resolve("setting")));
        settingUp(setting);
        try (TwoHosts site = new TwoHosts(Files.createDirectories(folder.resolve("site")))) {
            atWork(site);
        }

        Set<String> commands = leaves();
        commands.removeAll(STAYING);
        assertThat(tried).containsExactlyInAnyOrderElementsOf(commands);
    }

    private void settingUp(SetupSite site) throws IOException {
        String code = codeOf(json(site.program(), "keygen", "--all"));
        json(site.program(), "configure", "attic");
        json(site.program(), "configure", "alice"); // with a note that it was attic until now
        SetupSite.narrow(Files.writeString(site.folder.resolve("pass"), "correct horse battery\n"));
        json(site.program(), "keygen", "bob", "--bundle", "bob.bundle", "--passphrase-file", "pass");
        json(site.program(), "check");
        json(site.program().answering(code), "recovery-key", "check");
        json(site.program(), "config", "validate");
        json(site.program(), "config", "show");
        json(site.program(), "config", "schema");
        json(site.program(), "config", "sample");
        json(site.program(), "config", "sample", "--out", "sample.yaml");
        json(site.program(), "--as", "attic", "server", "start", "--dry-run");
        json(site.program(), "--as", "attic", "server", "stop");
        json(site.program(), "--as", "attic", "server", "rebuild-index");
        Files.writeString(
                site.folder.resolve("holdfast.yaml"),
                "notify: [ webhook: 'http://127.0.0.1:1/x' ]\n",
                StandardOpenOption.APPEND);
        json(site.program(), "--as", "attic", "notify", "list");
        json(site.program(), "--as", "attic", "notify", "test");
        Files.createDirectory(site.folder.resolve("store"));
        for (String what : List.of("install", "show", "uninstall")) {
            json(site.program(), "--as", "attic", "service", what, "--unit-dir", "units");
        }
        json(site.program(), "completion", "bash");
        json(site.program(), "manual", site.folder.resolve("manual").toString());
        String version = json(site.program(), "version");
        assertThat(site.program().run("--version", "--json").out()).isEqualTo(version);
        assertThat(site.program().run("--json", "backup", "--version").out()).isEqualTo(version);
    }

    private static String codeOf(String out) {
        String quoted = TwoHosts.field(out, "recovery_key");
        return quoted.replace("\\n", " ");
    }

    private void atWork(TwoHosts site) throws IOException {
        site.write("alice", "photos", "rome.txt", "trevi");
        Path configuration = folder.resolve("site/holdfast.yaml");
        SetupSite.widenForWriting(configuration);
        json(site.on("alice"), "backup", "photos");
        site.write("alice", "photos", "ostia.txt", "sea");
        json(site.on("alice"), "backup", "photos");
        String target = folder.resolve("back").toString();
        json(site.on("alice"), "restore", "photos", "--to", target, "--dry-run");
        json(site.on("alice"), "restore", "photos", "--to", target);
        json(site.on("alice"), "restore", "nothing");
        json(site.on("alice"), "snapshots");
        json(site.on("alice"), "ls", "photos");
        json(site.on("alice"), "find", "*.txt");
        json(site.on("alice"), "diff", "photos");
        json(site.on("alice"), "stats");
        json(site.on("alice"), "export", "photos", "--to-dir", folder.toString());
        json(site.on("alice"), "import", archive().toString(), "photos", "--to", target + "2");
        json(site.on("alice"), "schedule", "status");
        json(site.on("alice"), "schedule", "stop");
        json(site.on("alice"), "status");
        json(site.on("alice"), "cancel", "alice:photos");
        json(site.on("attic"), "server", "status");
        json(site.on("attic"), "server", "reload");
        json(site.on("attic"), "server", "invite", "bob");
        ProgramRun dump = site.on("alice").run("dump", "photos", "rome.txt", "--json");
        assertThat(dump.out()).isEqualTo("trevi");
        parse("dump", dump.err());
        tried.add("dump");
    }

    private Path archive() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().contains(".tar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Runs a command and parses what it has written; what that was on stdout. */
    private String json(ProgramRun program, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--json");
        program.run(all.toArray(String[]::new));
        parse(String.join(" ", words), program.out());
        parse(String.join(" ", words), program.err());
        assertThat(program.out() + program.err()).as(all.toString()).isNotEmpty();
        tried.add(name(words));
        return program.out();
    }

    private String name(String... words) throws IOException {
        String line = String.join(" ", words) + " ";
        return leaves().stream()
                .filter(command -> line.contains(command + " "))
                .filter(command -> line.startsWith(command) || line.startsWith("--as"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no command: " + line));
    }

    private static void parse(String command, String text) {
        for (String line : text.lines().toList()) {
            try (JsonParser parser = new JsonFactory().createParser(line)) {
                assertThat(parser.nextToken()).as(command).isEqualTo(JsonToken.START_OBJECT);
                parser.skipChildren();
                assertThat(parser.nextToken()).as(command).isNull();
            } catch (IOException e) {
                fail("`%s --json` wrote a line that is no JSON: %s", command, line);
            }
        }
    }

    /** Commands without commands below them. */
    private static Set<String> leaves() throws IOException {
        Set<String> leaves = new TreeSet<>();
        try (Stream<Path> files = Files.list(HELP)) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .map(name -> name.substring(0, name.length() - ".txt".length()))
                    .toList();
            for (String name : names) {
                if (names.stream().noneMatch(other -> other.startsWith(name + "-"))) {
                    leaves.add(name.substring("holdfast-".length())
                            .replaceFirst("^(config|server|schedule|service|notify|recovery-key)-", "$1 "));
                }
            }
        }
        return leaves;
    }
}
