package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Session;
import dev.holdfast.cli.command.Surroundings;
import dev.holdfast.cli.daemon.NoLogging;
import dev.holdfast.cli.terminal.Terminal;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;

/** The process: its arguments in, its exit code out. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        NativeLibraries.locate();
        NoLogging.choose();
        Map<String, String> environment = System.getenv();
        Session session = new Session(
                Terminal.ofProcess(environment), Surroundings.ofProcess(), InstantSource.system(), new SecureRandom());
        Interruption interruption = Interruption.watch(session.cancellation(), System::exit);
        int exitCode = Program.run(session, RawArguments.restore(args, Path.of("/proc/self/cmdline")));
        interruption.commandEnded();
        System.exit(exitCode);
    }
}
