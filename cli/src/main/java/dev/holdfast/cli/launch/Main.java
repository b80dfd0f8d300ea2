package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Session;
import dev.holdfast.cli.command.Surroundings;
import dev.holdfast.cli.daemon.NoLogging;
import dev.holdfast.cli.handover.Handover;
import dev.holdfast.cli.handover.TypedLine;
import dev.holdfast.cli.terminal.Terminal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.IntConsumer;

/** The process: its arguments in, its exit code out. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Selectors.choose();
        String[] words = RawArguments.restore(args, Path.of("/proc/self/cmdline"));
        Surroundings surroundings = Surroundings.ofProcess();
        Terminal.Shape shape = Terminal.Shape.ofProcess(surroundings.environment());
        // Before anything else of the program: it may turn out that nothing else of it is needed here.
        String build = System.getProperty(TypedLine.BUILD, "");
        Handover.Outcome handedOver = AgentFirst.attempt(build, words, surroundings, shape, exit());
        System.exit(
                handedOver.end() == Handover.End.CARRIED_OUT
                        ? handedOver.exitCode()
                        : inThisProcess(words, surroundings, shape, handedOver));
    }

    /** How the process ends; asked by the {@link Rehearsal} too, so that the class archive has it ready. */
    static IntConsumer exit() {
        return System::exit;
    }

    private static int inThisProcess(
            String[] words, Surroundings surroundings, Terminal.Shape shape, Handover.Outcome handedOver) {
        NativeLibraries.locate();
        NoLogging.choose();
        Session session =
                new Session(Terminal.ofProcess(shape), surroundings, InstantSource.system(), new SecureRandom());
        if (handedOver.end() == Handover.End.LOST) {
            return new ErrorReport(session).lost(words);
        }
        session.leftByAgent(handedOver.reason());
        Interruption interruption = Interruption.watch(session.cancellation(), exit());
        try {
            return Program.run(session, words);
        } finally {
            // Also when an Error ends it: nobody is to wait then for a command that is gone.
            interruption.commandEnded();
        }
    }
}
