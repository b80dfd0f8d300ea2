package dev.holdfast.cli.command;

import dev.holdfast.cli.demo.Demo;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "demo",
        description =
                "Does the main job for real on this machine: keys, a server, a backup, a change, a second backup, and a"
                        + " restore onto another host, compared byte for byte.")
final class DemoCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Folder to back up a copy of (default: made-up files).")
    private @Nullable Path directory;

    @Option(
            names = "--keep",
            description = "Leave the server running and everything in place, and say what to try next.")
    private boolean keep;

    private final Session session;

    DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<Path> source = Optional.ofNullable(directory).map(session::resolve);
        if (source.isPresent() && !Files.isDirectory(source.get())) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "there is no folder " + source.get(),
                            "Give a folder whose copy may be backed up, or none for made-up files.")
                    .asException();
        }
        String launcher = System.getProperty("holdfast.launcher", "holdfast");
        Path folder = Files.createTempDirectory("holdfast-demo-").toRealPath();
        boolean json = session.options().json();
        Demo demo = new Demo(launcher, folder, json ? session::remark : session::say);
        session.cancellation().onRequest(Thread.currentThread()::interrupt);
        boolean done = false;
        try {
            demo.run(source);
            done = true;
            if (json) {
                session.json().line("summary", fields -> fields.flag("ok", true).text("folder", folder.toString()));
            }
            if (keep) {
                demo.sayNext();
            }
            return 0;
        } catch (InterruptedException e) {
            throw new HoldfastException(Problem.of(ProblemCode.CANCELLED, "the demonstration was cancelled", ""), e);
        } finally {
            if (!keep || !done) {
                Thread.interrupted();
                demo.stop();
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
