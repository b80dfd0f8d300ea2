package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.Connections;
import dev.holdfast.cli.machine.Identity;
import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.KeyStores;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.machine.StandingConnections;
import dev.holdfast.cli.machine.StateFolder;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.ProgressDisplay;
import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.ConfigurationFiles;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.schedule.LocalZone;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.store.PrivatePlace;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one command line may use of the outside world. Every command takes it as its only constructor argument; nothing in
 * {@code cli.command} reads a clock, the environment or a standard stream by any other way.
 */
public final class Session {
    private final Terminal terminal;
    private final Surroundings surroundings;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Cancellation cancellation = new Cancellation();
    private final GlobalOptions options = new GlobalOptions();
    private Optional<Consumer<String>> remarks = Optional.empty();
    private Optional<FurtherLines> furtherLines = Optional.empty();
    private Optional<StandingConnections> standing = Optional.empty();
    private String leftByAgent = "";

    public Session(Terminal terminal, Surroundings surroundings, InstantSource clock, SecureRandom random) {
        this.terminal = terminal;
        this.surroundings = surroundings;
        this.clock = clock;
        this.random = random;
    }

    /** Another command of this process, with streams, options and a cancellation of its own. */
    Session beside(Terminal other) {
        Session session = new Session(other, surroundings, clock, random);
        session.standing = standing;
        return session;
    }

    public Terminal terminal() {
        return terminal;
    }

    public Map<String, String> environment() {
        return surroundings.environment();
    }

    public InstantSource clock() {
        return clock;
    }

    /** The zone in which the person reads and writes times. */
    public ZoneId zone() {
        return LocalZone.of(environment());
    }

    public SecureRandom random() {
        return random;
    }

    public Cancellation cancellation() {
        return cancellation;
    }

    /** Filled when the command line has been parsed: not to be asked in a constructor. */
    public GlobalOptions options() {
        return options;
    }

    public boolean superuser() {
        return surroundings.superuser();
    }

    public Path workingDirectory() {
        return surroundings.workingDirectory();
    }

    public Path home() {
        return surroundings.home();
    }

    /** A path from the command line, made absolute. */
    public Path resolve(Path path) {
        return surroundings.resolve(path);
    }

    /** Where this machine keeps its keys and caches; not created here. */
    public Path stateDirectory() {
        return surroundings.stateDirectory(options.state());
    }

    /** The configuration in force; everything that is wrong with it at once. */
    public Configuration configuration() {
        return ConfigurationReader.read(configurationFile()).orThrow();
    }

    /** The file that it is read from. */
    Path configurationFile() {
        Path given = options.path().map(this::resolve).orElse(surroundings.workingDirectory());
        return ConfigurationFiles.locate(given);
    }

    /** Lets this process carry out further command lines, as the resident agent does. */
    public void furtherLinesBy(FurtherLines further) {
        furtherLines = Optional.of(further);
    }

    /** The session of a line that was typed in a shell of the same user. */
    Session ofShell(Terminal shell, Map<String, String> environment, String workingDirectory) {
        Session session = new Session(shell, Surroundings.of(environment, Path.of(workingDirectory)), clock, random);
        session.standing = standing;
        return session;
    }

    /** From now on sessions with servers, here and for shells, are held over these connections. */
    void speakOver(StandingConnections connections) {
        standing = Optional.of(connections);
    }

    FurtherLines furtherLines() {
        return furtherLines.orElseThrow(() -> new IllegalStateException("nobody has said how lines are carried out"));
    }

    /** The resident agent was asked to carry this command out and did not: who wants to know much is told why. */
    public void leftByAgent(String reason) {
        leftByAgent = reason;
    }

    /** To be called by commands that the agent may carry out. */
    void remarkOnAgent() {
        if (options.verbose() && !leftByAgent.isEmpty()) {
            remark("carried out without the resident agent: " + leftByAgent);
        }
    }

    /** Which of the configured machines this is. */
    public Identity identity(Configuration configuration) {
        return options.as()
                .map(name -> Identity.named(name, configuration))
                .orElseGet(() -> Identity.find(configuration, stateDirectory()));
    }

    /** This machine, as {@code configure} set it up. */
    public Machine machine() {
        Configuration configuration = configuration();
        return Machine.open(configuration, identity(configuration), stateDirectory());
    }

    /**
     * The folder of this machine when the configuration cannot be read: of the one named by {@code --as}, else of the only one that
     * is installed here.
     *
     * @param broken thrown when neither tells
     */
    StateFolder installedMachine(HoldfastException broken) {
        List<String> installed = options.as().map(List::of).orElseGet(() -> StateFolder.installed(stateDirectory()));
        if (installed.size() != 1) {
            throw broken;
        }
        return new StateFolder(stateDirectory(), installed.get(0));
    }

    /** Opens the key store of a configuration; asks for a token only on a terminal. */
    public KeyStores keyStores() {
        return new KeyStores(
                environment(),
                question ->
                        terminal.shape().inIsTerminal() ? terminal.keyboard().secret(question) : Optional.empty(),
                this::remark);
    }

    public Connections connections(Machine machine) {
        Connections connections = new Connections(machine, clock, "holdfast " + Version.current());
        return standing.map(connections::over).orElse(connections);
    }

    /** A line of the result, for a person. */
    public void say(String line) {
        terminal.out().println(line);
    }

    /** From now on remarks and alarms go there: a process that stays has a log, and nobody reads its stderr. */
    void remarkTo(Consumer<String> log) {
        remarks = Optional.of(log);
    }

    /** A remark beside the result, on stderr, for programs as JSON; not with {@code --quiet}. */
    public void remark(String line) {
        if (remarks.isPresent()) {
            remarks.get().accept(line);
        } else if (!options.quiet() && options.json()) {
            jsonBeside().line("remark", json -> json.text("message", line));
        } else if (!options.quiet()) {
            terminal.err().println(line);
        }
    }

    /** Says when somebody else may change the configuration, which decides what is backed up and who may restore it. */
    void remarkOnPlace(Configuration configuration) {
        try {
            PrivatePlace.requireUnchanged(configuration.file());
        } catch (KeyException e) {
            remark("warning: the configuration decides who may restore what, and "
                    + KeyProblem.of(e).message() + ". " + e.hint());
        } catch (IOException e) {
            // It was readable a moment ago, and `check` says what is wrong with its folder.
        }
    }

    /** Something that the person must see, even with {@code --quiet}, though the command goes on. */
    public void alarm(Problem problem) {
        if (remarks.isPresent()) {
            remarks.get()
                    .accept("WARNING: " + problem.message() + " ["
                            + problem.code().label() + "]");
            return;
        }
        if (options.json()) {
            jsonBeside()
                    .line(
                            "warning",
                            line -> line.text("problem", problem.code().label())
                                    .text("message", problem.message())
                                    .text("hint", problem.hint()));
            return;
        }
        terminal.err()
                .println("WARNING: " + SafeText.of(problem.message()) + "  ["
                        + problem.code().label() + "]");
        terminal.err().println("  hint: " + SafeText.of(problem.hint()));
    }

    /**
     * Whether the person agrees; the question goes to the terminal. Without one there is nobody to ask and the command is refused:
     * it then needs its own {@code --yes}.
     */
    public boolean confirm(String question) {
        if (!terminal.shape().inIsTerminal()) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "this needs a confirmation and there is no terminal to ask on",
                            "add `--yes` when it is meant.")
                    .asException();
        }
        String answer = terminal.keyboard().line(question + " [y/N] ").orElse("");
        return answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes");
    }

    /** Results for programs, on stdout. */
    public JsonOutput json() {
        return new JsonOutput(terminal.out());
    }

    /** Remarks for programs, on stderr. */
    public JsonOutput jsonBeside() {
        return new JsonOutput(terminal.err());
    }

    /** Shows a run named by its verb in the way that the options and the terminal ask for; close it before saying the result. */
    public ProgressDisplay progress(String verb) {
        return ProgressDisplay.start(verb, progressStyle(), terminal, clock);
    }

    /** The same for what only prepares a run. */
    ProgressDisplay progressOfPreparation(String verb) {
        return ProgressDisplay.startQuietly(verb, progressStyle(), terminal, clock);
    }

    private ProgressDisplay.Style progressStyle() {
        return options.progress().orElseGet(this::fittingProgressStyle);
    }

    private ProgressDisplay.Style fittingProgressStyle() {
        if (options.quiet()) {
            return ProgressDisplay.Style.NONE;
        }
        if (options.json()) {
            return ProgressDisplay.Style.JSON;
        }
        return terminal.shape().errIsTerminal() ? ProgressDisplay.Style.BAR : ProgressDisplay.Style.LINES;
    }
}
