package dev.holdfast.cli.command;

import dev.holdfast.agent.restore.FileDump;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "dump",
        description = {
            "Writes one file of a snapshot to stdout, and nothing else there.",
            "With --json a summary follows on stderr."
        })
final class DumpCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Volume that has the file.")
    private String volume = "";

    @Parameters(index = "1", paramLabel = "PATH", description = "The file, relative to the volume.")
    private String path = "";

    @Option(names = "--force", description = "Write to a terminal even what is not text.")
    private boolean force;

    @Mixin
    private SnapshotOptions which = new SnapshotOptions();

    private final Session session;

    DumpCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EntryPath wanted = VolumePath.parse(path);
        try (Archive archive = Archive.of(session, which, volume)) {
            SnapshotRecord record = archive.choose(volume, which);
            try (SnapshotReader reader = archive.read(record)) {
                SnapshotReader.Found file =
                        reader.find(wanted).orElseThrow(() -> VolumePath.missing(volume, wanted, reader));
                if (file.entry().type() != EntryType.FILE) {
                    throw Problem.of(
                                    ProblemCode.USAGE,
                                    "'" + wanted + "' is no file but a "
                                            + EntryLine.word(file.entry().type()),
                                    "`holdfast restore " + volume + " '" + wanted + "' --to DIR` restores it.")
                            .asException();
                }
                copy(reader, file);
                if (session.options().json()) {
                    session.jsonBeside()
                            .line(
                                    "summary",
                                    json -> json.text("snapshot_id", record.id())
                                            .text("path", "/" + wanted)
                                            .number("bytes", file.entry().size()));
                }
            }
        }
        return 0;
    }

    private void copy(SnapshotReader reader, SnapshotReader.Found file) {
        try {
            new FileDump(reader).dump(file.entry().path(), output());
            session.terminal().out().flush();
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(ProblemCode.IO, "the file cannot be written out: " + e.getMessage(), ""), e);
        }
        if (session.terminal().out().checkError()) {
            throw Problem.of(ProblemCode.IO, "the file cannot be written out: whoever read it has closed the pipe", "")
                    .asException();
        }
    }

    private OutputStream output() {
        OutputStream out = session.terminal().out();
        return force || !session.terminal().shape().outIsTerminal() ? out : new TextOnly(out);
    }

    /** Refuses what could upset a terminal, as soon as it comes. */
    private static final class TextOnly extends OutputStream {
        private final OutputStream terminal;

        TextOnly(OutputStream terminal) {
            this.terminal = terminal;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            for (int at = from; at < from + length; at++) {
                boolean layout = bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t' || bytes[at] == '\f';
                if ((bytes[at] >= 0 && bytes[at] < ' ' && !layout) || bytes[at] == 0x7f) {
                    throw Problem.of(
                                    ProblemCode.USAGE,
                                    "the file is not text, and stdout is a terminal",
                                    "Send it to a file (`> FILE`) or a program, or add `--force`.")
                            .asException();
                }
            }
            terminal.write(bytes, from, length);
        }
    }
}
