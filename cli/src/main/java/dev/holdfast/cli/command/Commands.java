package dev.holdfast.cli.command;

import java.util.List;

/** The list of all commands, in the order in which help shows them. A new command is one line here. */
public final class Commands {
    /** The headings of the list in {@code holdfast --help}. */
    public enum Section {
        SETUP("Set up"),
        PROTECT("Back up and restore"),
        LOOK("Look into backups"),
        SERVER("Server"),
        PROGRAM("This program");

        private final String title;

        Section(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }
    }

    /** One command; the name is here too, so that a command is only looked at when it is called. */
    public record Entry(Section section, String name, Class<?> type) {}

    public static final List<Entry> ALL = List.of(
            command(Section.SETUP, "config", ConfigCommand.class),
            command(Section.SETUP, "keygen", KeygenCommand.class),
            command(Section.SETUP, "configure", ConfigureCommand.class),
            command(Section.SETUP, "check", CheckCommand.class),
            command(Section.SETUP, "recovery-key", RecoveryKeyCommand.class),
            command(Section.PROTECT, "backup", BackupCommand.class),
            command(Section.PROTECT, "restore", RestoreCommand.class),
            command(Section.PROTECT, "schedule", ScheduleCommand.class),
            command(Section.PROTECT, "status", StatusCommand.class),
            command(Section.PROTECT, "cancel", CancelCommand.class),
            command(Section.PROTECT, "export", ExportCommand.class),
            command(Section.PROTECT, "import", ImportCommand.class),
            command(Section.PROGRAM, "demo", DemoCommand.class),
            command(Section.SERVER, "server", ServerCommand.class),
            command(Section.SERVER, "notify", NotifyCommand.class),
            command(Section.SETUP, "service", ServiceCommand.class),
            command(Section.LOOK, "snapshots", SnapshotsCommand.class),
            command(Section.LOOK, "ls", LsCommand.class),
            command(Section.LOOK, "find", FindCommand.class),
            command(Section.LOOK, "dump", DumpCommand.class),
            command(Section.LOOK, "diff", DiffCommand.class),
            command(Section.LOOK, "stats", StatsCommand.class),
            command(Section.PROGRAM, "completion", CompletionCommand.class),
            command(Section.PROGRAM, "manual", ManualCommand.class),
            command(Section.PROGRAM, "version", VersionCommand.class));

    private Commands() {}

    private static Entry command(Section section, String name, Class<?> type) {
        return new Entry(section, name, type);
    }
}
