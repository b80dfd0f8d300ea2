package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A site: the server {@code vault} and the hosts {@code alice} and {@code bob}, each with a state folder of its own, in one
 * temporary folder. Every command is the packaged program as a process of its own, and hosts reach the server through a {@link
 * Line}. Needs the packaged {@code cli}, as {@code mvn verify} leaves it.
 */
final class RealSite implements AutoCloseable {
    static final String SERVER = "vault";
    private static final List<String> MACHINES = List.of(SERVER, "alice", "bob");
    private static final Path OWN_JAVA = Path.of(System.getProperty("java.home"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path folder;
    private final Path data;
    private final String more;
    private final Path java;
    private final Line line;
    private final int port;
    private final List<Running> children = new ArrayList<>();
    private final Map<String, Map<String, String>> environments = new HashMap<>();
    private long serverProcess;

    private RealSite(Path folder, Path data, String more, Path java, int port) throws IOException {
        this.folder = folder;
        this.data = data;
        this.more = more;
        this.java = java;
        this.port = port;
        this.line = new Line(port);
    }

    static RealSite open(Path folder) throws Exception {
        return open(folder, folder.resolve("server-data"));
    }

    static RealSite open(Path folder, Path data) throws Exception {
        RealSite site = new RealSite(folder, data, "", OWN_JAVA, freePort());
        return site.begin(site.configuration(), MACHINES);
    }

    /** A site whose machines all have this Java, which makes their keys too. */
    static RealSite openOn(Path java, Path folder) throws Exception {
        RealSite site = new RealSite(folder, folder.resolve("server-data"), "", java, freePort());
        return site.begin(site.configuration(), MACHINES);
    }

    /** A site with {@code more} at the end of its configuration. */
    static RealSite openWith(Path folder, String more) throws Exception {
        return openWith(folder, more, yaml -> yaml);
    }

    /** The same, that begins with the configuration changed; {@code people} have keys, too. */
    static RealSite openWith(Path folder, String more, UnaryOperator<String> change, String... people)
            throws Exception {
        RealSite site = new RealSite(folder, folder.resolve("server-data"), more, OWN_JAVA, freePort());
        return site.begin(
                change.apply(site.configuration()),
                Stream.concat(MACHINES.stream(), Stream.of(people)).toList());
    }

    /**
     * A site whose hosts have no key store: only the server and a client {@code carol}, who is nowhere, have keys, beside the
     * configuration of the server.
     */
    static RealSite openAlone(Path folder) throws Exception {
        RealSite site = new RealSite(folder, folder.resolve("server-data"), "", OWN_JAVA, freePort());
        try {
            String yaml =
                    site.configuration().replace("volumes:", "  - { name: carol, backup: [documents] }\nvolumes:");
            site.configureServer(yaml);
            Files.writeString(
                    folder.resolve("hosts.yaml"),
                    yaml.replace("keys: \"" + folder + "/keys\"", "keys: \"" + folder + "/no-keys\""));
            SiteKeys.give(site, "alone", site::makeServersKeys);
            site.startServer();
            return site;
        } catch (Exception | AssertionError e) {
            site.close();
            throw e;
        }
    }

    private void makeServersKeys() throws Exception {
        run(SERVER, "keygen", "carol", "--recovery-out", recoveryKey().toString())
                .well();
        run(SERVER, "keygen", SERVER).well();
        install(SERVER);
    }

    /** Gives it a configuration and the keys of these machines, and starts the server. */
    private RealSite begin(String yaml, List<String> machines) throws Exception {
        try {
            configure(yaml);
            String kind = java + " " + machines + " "
                    + yaml.replace(folder.toString(), "")
                            .replace(":" + port, "")
                            .replace("port: " + line.port(), "");
            SiteKeys.give(this, kind, () -> makeKeys(machines));
            startServer();
            return this;
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    private void makeKeys(List<String> machines) throws Exception {
        run(SERVER, "keygen", "--all", "--recovery-out", recoveryKey().toString())
                .well();
        for (String machine : machines) {
            install(machine);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The configuration that all machines of the site share. */
    String configuration() {
        return String.format(Locale.ROOT, """
                servers:
                  - { name: vault, hostname: 127.0.0.1, port: %1$d, listen: "127.0.0.1:%2$d", data: "%3$s" }
                clients:
                  - { name: alice, backup: [documents, pictures], volume_root: "%4$s/alice" }
                  - { name: bob, backup: [documents, papers], volume_root: "%4$s/bob", restore: [alice/documents] }
                volumes:
                  - { name: documents }
                  - { name: pictures }
                  - { name: papers }
                keys: "%4$s/keys"
                """, line.port(), port, data, folder) + more;
    }

    /** Changes the configuration for all machines. */
    void configure(String yaml) throws IOException {
        configureServer(yaml);
        Files.writeString(folder.resolve("hosts.yaml"), yaml);
    }

    /** Changes the configuration that the server reads, but not the copy that the hosts have. */
    void configureServer(String yaml) throws IOException {
        configureServer(yaml, true);
    }

    /** @param noticeable whether the file gets a new time */
    void configureServer(String yaml, boolean noticeable) throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        Path fresh = Files.writeString(folder.resolve("holdfast.yaml.new"), yaml);
        if (!noticeable) {
            Files.setLastModifiedTime(fresh, Files.getLastModifiedTime(file));
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Installs the keys that the key store has for a machine. */
    void install(String machine) throws Exception {
        run(machine, "configure", machine, "--no-identity").well();
    }

    /** Gives all further commands of a machine a variable in their environment. */
    void give(String machine, String variable, String value) {
        environments.computeIfAbsent(machine, name -> new HashMap<>()).put(variable, value);
    }

    Path folder() {
        return folder;
    }

    /** Where a host keeps a volume. */
    Path volume(String host, String name) {
        return folder.resolve(host).resolve(name);
    }

    Path serverData() {
        return data;
    }

    Path recoveryKey() {
        return folder.resolve("recovery-key.txt");
    }

    Path keyStore() {
        return folder.resolve("keys");
    }

    Path state(String machine) {
        return folder.resolve("state-" + machine);
    }

    /** The port that the server itself listens on, behind the line. */
    int port() {
        return port;
    }

    Line line() {
        return line;
    }

    // ---- commands

    static Path program() {
        Path program =
                Path.of("../cli/target/app/bin/holdfast").toAbsolutePath().normalize();
        assertThat(program).as("made by the package phase of cli").isExecutable();
        return program;
    }

    /** Starts {@code holdfast ARGUMENTS} as {@code machine}. */
    Running start(String machine, String... arguments) throws IOException {
        return startUnder(List.of(), machine, arguments);
    }

    /** The same, with that file as its standard input. */
    Running startReading(Path in, String machine, String... arguments) throws IOException {
        return startUnder(List.of("sh", "-c", "exec \"$@\" < '" + in + "'", "sh"), machine, arguments);
    }

    /** Lets another program, such as {@code setpriv}, start it. */
    Running startUnder(List<String> starter, String machine, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(starter);
        command.addAll(List.of(program().toString(), "--as", machine));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new HashMap<>(environments.getOrDefault(machine, Map.of()));
        environment.put("JAVA_HOME", java.toString());
        environment.put("HOLDFAST_STATE", state(machine).toString());
        environment.put(
                "HOLDFAST_PATH",
                folder.resolve(machine.equals(SERVER) ? "holdfast.yaml" : "hosts.yaml")
                        .toString());
        Running child = Running.start(folder, environment, command);
        children.add(child);
        return child;
    }

    Said run(String machine, String... arguments) throws IOException, InterruptedException {
        return start(machine, arguments).await();
    }

    Running startBackup(String host, String volume) throws IOException {
        return start(host, "backup", volume, "--json");
    }

    Said backUp(String host, String volume) throws IOException, InterruptedException {
        return startBackup(host, volume).await();
    }

    /** Restores alice's documents onto bob, as his papers. */
    Running startRestore(String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "restore", "documents", "--source", "alice", "--to-volume", "papers", "--special", "--yes", "--json"));
        words.addAll(List.of(more));
        return start("bob", words.toArray(String[]::new));
    }

    Said restore(String... more) throws IOException, InterruptedException {
        return startRestore(more).await();
    }

    Path documents() {
        return volume("alice", "documents");
    }

    Path papers() {
        return volume("bob", "papers");
    }

    /** Shows that alice's documents come back onto bob exactly as they are. */
    void assertDocumentsComeBack() throws Exception {
        restore().well();
        Trees.assertSame(documents(), papers());
    }

    // ---- the server

    void startServer() throws Exception {
        Said said = run(SERVER, "server", "start", "--json").well();
        serverProcess = said.event("started").number("process_id");
    }

    /** As a crash: nothing is flushed, nobody is told. Returns when the process is gone. */
    void killServer() throws Exception {
        long gone = serverProcess;
        ProcessHandle.of(gone).ifPresent(ProcessHandle::destroyForcibly);
        Wait.until("process " + gone + " is gone", PATIENCE, () -> !isRunning(gone));
        serverProcess = 0;
    }

    void signalServer(String signal) throws Exception {
        Trees.shell(folder, "kill -" + signal + " " + serverProcess);
    }

    /** A killed process that nobody has waited for yet is not running either. */
    private static boolean isRunning(long process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process), "stat");
        try {
            String text = Files.readString(status);
            return text.charAt(text.lastIndexOf(')') + 2) != 'Z';
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    Said serverStatus() throws IOException, InterruptedException {
        return run(SERVER, "server", "status", "--json");
    }

    String serverLog() throws IOException {
        try (Stream<Path> files = Files.walk(state(SERVER))) {
            StringBuilder text = new StringBuilder();
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".log")).toList()) {
                text.append(Files.readString(file));
            }
            return text.toString();
        }
    }

    /** Insists that the server answers strangers and its own command. */
    void assertServerIsWell() throws Exception {
        serverStatus().well();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5000);
            socket.setSoTimeout(20_000);
            assertThat(new String(socket.getInputStream().readNBytes(8), StandardCharsets.US_ASCII))
                    .isEqualTo("SSH-2.0-");
        }
    }

    /** Stops whatever was started and still runs. */
    @Override
    public void close() throws IOException {
        try {
            stopAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while taking the site down", e);
        } catch (Exception e) {
            throw new IOException("the site could not be taken down", e);
        }
    }

    private void stopAll() throws Exception {
        for (Running child : children) {
            child.kill();
        }
        line.close();
        if (serverProcess != 0 && isRunning(serverProcess)) {
            run(SERVER, "server", "stop", "--timeout", "30");
            killServer();
        }
    }
}
