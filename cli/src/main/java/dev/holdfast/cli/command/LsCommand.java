package dev.holdfast.cli.command;

import dev.holdfast.agent.browse.FolderListing;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "ls",
        description = {
            "Shows what is in a snapshot, in the manner of `ls -l`.",
            "Only the part of the snapshot that holds the folder is fetched."
        })
final class LsCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "VOLUME", description = "Volume to look into.")
    private String volume = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATH",
            description = "Folder or file in it (default: its root).")
    private String path = "";

    @Option(
            names = {"-R", "--recursive"},
            description = "Everything below as well, with whole paths.")
    private boolean recursive;

    @Option(
            names = {"-n", "--numeric"},
            description = "Numbers of owners instead of names.")
    private boolean numeric;

    @Mixin
    private SnapshotOptions which = new SnapshotOptions();

    private final Session session;

    LsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EntryPath wanted = VolumePath.parse(path);
        try (Archive archive = Archive.of(session, which, volume)) {
            SnapshotRecord record = archive.choose(volume, which);
            try (SnapshotReader reader = archive.read(record)) {
                PartialNote.tell(session, reader);
                EntryLine line = new EntryLine(new LocalTimes(session.zone()), numeric);
                MissingParts missing =
                        new MissingParts(session, "snapshot " + record.hash().brief());
                if (!FolderListing.show(reader, wanted, recursive, entry -> show(line, entry), missing)
                        && !missing.any()) {
                    throw VolumePath.missing(volume, wanted, reader);
                }
                return missing.exitCode(0);
            }
        }
    }

    private void show(EntryLine line, Entry entry) {
        if (session.options().json()) {
            session.json().line("node", json -> EntryLine.fields(json, entry));
        } else {
            String name = recursive
                    ? entry.path().toString()
                    : EntryPath.printable(entry.path().name());
            session.say(line.show(entry, name));
        }
    }
}
