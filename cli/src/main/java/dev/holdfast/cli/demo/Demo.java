package dev.holdfast.cli.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The main job, done for real on this machine: keys for a server and two hosts, the server as a process of its own, a backup
 * from {@code alice}, a change, a second backup, and a restore onto {@code bob} under another name, compared byte for byte.
 */
public final class Demo {
    private static final String SERVER = "vault";

    private final Path folder;
    private final Children children;
    private final Consumer<String> say;
    private boolean serverRuns;

    /**
     * Prepares a demonstration.
     *
     * @param launcher the program to run for each step
     * @param folder an empty folder that everything goes into
     * @param say takes the account, line by line
     */
    public Demo(String launcher, Path folder, Consumer<String> say) {
        this.folder = folder;
        this.children = new Children(launcher, folder);
        this.say = say;
    }

    /** Figures of one run: the numbers of its summary. */
    private record Figures(Map<String, Double> numbers) {
        long get(String name) {
            return numbers.getOrDefault(name, 0.0).longValue();
        }

        String seconds() {
            return String.format(Locale.ROOT, "%.1f s", numbers.getOrDefault("total_duration", 0.0));
        }
    }

    /** Does the job; throws when anything is not as it should be. */
    public void run(Optional<Path> source) throws IOException, InterruptedException {
        Path documents = folder.resolve("alice/documents");
        SampleTree tree;
        if (source.isPresent()) {
            step("copying " + source.get() + ", so that your own files stay as they are");
            tree = SampleTree.copy(source.get(), documents);
        } else {
            tree = SampleTree.make(documents);
        }
        Path restored = folder.resolve("bob/papers");
        int port = freePort();
        Files.writeString(folder.resolve("holdfast.yaml"), configuration(port));

        step("keys for a server and two hosts");
        command(
                SERVER,
                "keygen",
                "--all",
                "--recovery-out",
                folder.resolve("recovery-key.txt").toString());
        for (String machine : new String[] {SERVER, "alice", "bob"}) {
            command(machine, "configure", machine, "--no-identity");
        }
        step("the server, as its own process, with SSH on 127.0.0.1:" + port);
        command(SERVER, "server", "start");
        serverRuns = true;
        command("alice", "check", "--connection");

        step("first backup of 'documents' from host alice");
        Figures first = backup();
        say.accept(account("first backup", first));
        step("a day passes: " + tree.change());
        Figures second = backup();
        say.accept(account("second backup", second));

        step("restoring alice's 'documents' onto host bob as volume 'papers'");
        Figures restore = figures(command(
                "bob",
                "restore",
                "documents",
                "--source",
                "alice",
                "--to-volume",
                "papers",
                "--special",
                "--yes",
                "--json"));
        TreeComparison comparison = TreeComparison.of(FileSystemView.open(), documents, restored);
        if (!comparison.differences().isEmpty()) {
            comparison.differences().stream().limit(20).forEach(say);
            throw Problem.of(
                            ProblemCode.DAMAGE,
                            "the restored tree differs in "
                                    + comparison.differences().size()
                                    + (comparison.differences().size() == 1 ? " place" : " places"),
                            "This must not happen: report it.")
                    .asException();
        }
        say.accept("    restored in " + restore.seconds() + "; compared with the original: "
                + comparison.things() + " files, folders and links with all their metadata, "
                + Sizes.show(comparison.bytes()) + " byte for byte: no difference");
        summary(first, second);
    }

    private void summary(Figures first, Figures second) throws IOException {
        long kept = size(folder.resolve("server-data"));
        say.accept("");
        say.accept("It works: " + Sizes.show(first.get("total_bytes_processed")) + " of files, "
                + Sizes.show(kept) + " kept on the server, encrypted, for two snapshots; the second sent "
                + Sizes.show(second.get("bytes_sent")) + ".");
    }

    private static long size(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private Figures backup() throws IOException, InterruptedException {
        return figures(command("alice", "backup", "documents", "--json"));
    }

    private String account(String what, Figures figures) {
        return "    " + what + ": " + figures.get("total_files_processed") + " files, "
                + Sizes.show(figures.get("total_bytes_processed")) + "; " + figures.get("files_new") + " new, "
                + figures.get("files_changed") + " changed, " + figures.get("files_unmodified") + " unmodified; "
                + Sizes.show(figures.get("bytes_sent")) + " sent in " + figures.seconds();
    }

    private void step(String text) {
        say.accept("");
        say.accept("== " + text);
    }

    private String command(String machine, String... arguments) throws IOException, InterruptedException {
        say.accept("  " + machine + "$ holdfast " + String.join(" ", arguments));
        return children.run(machine, arguments);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String configuration(int port) {
        return String.format(Locale.ROOT, """
                # Made by `holdfast demo`.
                servers:
                  - { name: vault, hostname: 127.0.0.1, port: %1$d, listen: "127.0.0.1:%1$d", data: "%2$s/server-data" }
                clients:
                  - { name: alice, backup: [documents], volume_root: "%2$s/alice" }
                  - { name: bob, backup: [papers], volume_root: "%2$s/bob", restore: [alice/documents] }
                volumes:
                  - { name: documents }
                  - { name: papers }
                """, port, folder);
    }

    private static Figures figures(String lines) throws IOException {
        Map<String, Double> numbers = new HashMap<>();
        for (String line : lines.lines().toList()) {
            if (line.startsWith("{") && line.contains("\"summary\"")) {
                try (JsonParser parser = new JsonFactory().createParser(line)) {
                    String name = "";
                    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                        if (token == JsonToken.FIELD_NAME) {
                            name = parser.currentName();
                        } else if (token.isNumeric()) {
                            numbers.put(name, parser.getDoubleValue());
                        }
                    }
                }
            }
        }
        return new Figures(numbers);
    }

    /** Stops what was started; quiet when nothing was. */
    public void stop() throws InterruptedException {
        if (!serverRuns) {
            return;
        }
        serverRuns = false;
        try {
            children.run(SERVER, "server", "stop");
        } catch (IOException e) {
            say.accept("the server could not be stopped: " + e.getMessage());
        }
    }

    /** What to try next, for {@code --keep}. */
    public void sayNext() {
        say.accept("");
        say.accept("Everything is kept in " + folder + " and the server still runs. Try:");
        say.accept("  export HOLDFAST_STATE=" + folder.resolve("state") + " HOLDFAST_PATH="
                + folder.resolve("holdfast.yaml"));
        say.accept("  holdfast --as alice snapshots");
        say.accept("  holdfast --as alice ls documents");
        say.accept("  holdfast --as alice backup documents");
        say.accept("  holdfast --as bob restore documents --source alice --to " + folder.resolve("elsewhere"));
        say.accept("  holdfast --as vault server status");
        say.accept("  holdfast --as vault server stop && rm -r " + folder);
    }
}
