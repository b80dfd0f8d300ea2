package dev.holdfast.server.notify;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Notices in words that a tired person understands: what happened, since when, what is left, what to do. */
final class Wording {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm zzz", Locale.ENGLISH);
    private static final int MOST_LISTED = 20;

    private final String server;
    private final ZoneId zone;
    private final Instant now;

    Wording(String server, ZoneId zone, Instant now) {
        this.server = server;
        this.zone = zone;
        this.now = now;
    }

    String time(Instant moment) {
        return TIME.format(moment.atZone(zone));
    }

    /** A volume of a host; {@code paused} when somebody has stopped the schedule of that host. */
    record Subject(String host, String volume, boolean paused) {
        static Subject of(Sighting.Backup backup) {
            return new Subject(backup.host(), backup.volume(), backup.standing().paused());
        }
    }

    /** Trouble with a backup, told for the first time, once more, or as a reminder. */
    Notice trouble(
            Notice.Occasion occasion,
            Subject subject,
            Trouble trouble,
            Optional<Notice.LastGood> good,
            Set<Notice.Kind> over) {
        String host = subject.host();
        String volume = subject.volume();
        String what = host + "/" + volume;
        String again = occasion == Notice.Occasion.REMINDER ? "still: " : "";
        String title = again
                + switch (trouble.kind()) {
                    case FAILED -> "backup of " + what + " failed";
                    case PARTIAL -> "backup of " + what + " is partial";
                    default -> "backup of " + what + " did not come";
                };
        StringBuilder text = new StringBuilder(happened(host, volume, trouble));
        trouble.cause().ifPresent(cause -> {
            text.append("\n\nReason: ")
                    .append(cause.message())
                    .append(" [")
                    .append(cause.code())
                    .append(']');
        });
        String hint = trouble.cause().map(Cause::hint).orElseGet(() -> advice(subject, trouble.kind()));
        if (!hint.isEmpty()) {
            text.append(trouble.cause().isPresent() ? "\n" : "\n\n")
                    .append("What to do: ")
                    .append(hint);
        }
        text.append("\n\n").append(lastGood(good));
        return new Notice(
                trouble.kind(),
                occasion,
                server,
                host,
                volume,
                now,
                Optional.of(trouble.since()),
                good,
                trouble.cause(),
                hint,
                over,
                title,
                text.toString(),
                "");
    }

    private String happened(String host, String volume, Trouble trouble) {
        String subject = "volume '" + volume + "' of host '" + host + "'";
        return switch (trouble.kind()) {
            case FAILED ->
                "The backup of " + subject + " to server '" + server + "' has failed, since " + time(trouble.since())
                        + ".";
            case PARTIAL ->
                "The backup of " + subject + " to server '" + server
                        + "' was made, but some files could not be read, since " + time(trouble.since()) + ".";
            default ->
                "No backup of " + subject + " has come to server '" + server + "', though one was due at "
                        + time(trouble.since()) + ".";
        };
    }

    private static String advice(Subject subject, Notice.Kind kind) {
        String host = subject.host();
        if (kind == Notice.Kind.PARTIAL) {
            return "on '" + host + "', run `holdfast backup VOLUME`: it lists the files and why.";
        }
        return subject.paused()
                ? "its schedule is paused; `holdfast schedule start` on '" + host + "' lets it go on."
                : "see whether '" + host + "' is up and reaches this server: there, `holdfast schedule status` and"
                        + " `holdfast check --connection`.";
    }

    private String lastGood(Optional<Notice.LastGood> good) {
        return good.map(last -> "The last good snapshot is " + last.snapshot() + " of " + time(last.at()) + ", "
                        + Amounts.length(Duration.between(last.at(), now)) + " old.")
                .orElse("There is no good snapshot of it yet.");
    }

    Notice recovered(String host, String volume, Trouble trouble, Sighting.Snapshot snapshot) {
        String text = "A whole snapshot of volume '" + volume + "' of host '" + host + "' has come to server '" + server
                + "': " + snapshot.id() + ", " + Amounts.count(snapshot.files(), "file") + ", "
                + Amounts.bytes(snapshot.bytes()) + ".\n\nThe trouble lasted from " + time(trouble.since()) + " to "
                + time(snapshot.received()) + ".";
        return of(
                Notice.Kind.RECOVERED,
                host,
                volume,
                Optional.of(new Notice.LastGood(snapshot.id(), snapshot.received())),
                trouble.told(),
                "backup of " + host + "/" + volume + " is well again",
                text);
    }

    /** For those who follow every run. */
    Notice done(String host, String volume, Sighting.Snapshot snapshot) {
        return of(
                Notice.Kind.DONE,
                host,
                volume,
                Optional.of(new Notice.LastGood(snapshot.id(), snapshot.received())),
                Set.of(),
                "backup of " + host + "/" + volume + " done",
                "Snapshot " + snapshot.id() + " with " + Amounts.count(snapshot.files(), "file") + ", "
                        + Amounts.bytes(snapshot.bytes()) + ".");
    }

    Notice started(String host, String volume) {
        return of(
                Notice.Kind.STARTED,
                host,
                volume,
                Optional.empty(),
                Set.of(),
                "backup of " + host + "/" + volume + " began",
                "");
    }

    Notice damage(Notice.Occasion occasion, Trouble trouble, List<String> findings) {
        StringBuilder text = new StringBuilder("On server '" + server + "' something stored is damaged:\n");
        findings.stream()
                .limit(MOST_LISTED)
                .forEach(finding -> text.append("\n- ").append(PlainText.line(finding)));
        if (findings.size() > MOST_LISTED) {
            text.append("\n- and ").append(findings.size() - MOST_LISTED).append(" more");
        }
        text.append("\n\nWhat to do: look at the server's disks. `holdfast server status` shows what is damaged; on the"
                + " hosts, `holdfast backup VOLUME --rehash` sends again what was lost, as far as it is still there.");
        String again = occasion == Notice.Occasion.REMINDER ? "still: " : "";
        return ofServer(
                Notice.Kind.DAMAGE,
                occasion,
                Optional.of(trouble.since()),
                Set.of(),
                again + "stored data is damaged on " + server,
                text.toString());
    }

    Notice space(Notice.Occasion occasion, Trouble trouble, long free, long wanted) {
        String again = occasion == Notice.Occasion.REMINDER ? "still: " : "";
        return ofServer(
                Notice.Kind.SPACE,
                occasion,
                Optional.of(trouble.since()),
                Set.of(),
                again + Amounts.bytes(free) + " left for backups on " + server,
                "On the disk of the data folder of server '" + server + "', " + Amounts.bytes(free)
                        + " are free; `watch.space` asks for " + Amounts.bytes(wanted)
                        + ".\n\nWhat to do: make room or add some. When the disk is full, backups fail; restores go on.");
    }

    /** Damage or want of space is over. */
    Notice wellAgain(Trouble trouble) {
        boolean damage = trouble.kind() == Notice.Kind.DAMAGE;
        return ofServer(
                Notice.Kind.RECOVERED,
                Notice.Occasion.FIRST,
                Optional.empty(),
                trouble.told(),
                damage ? "no damage is left on " + server : "there is room again on " + server,
                "What was told of server '" + server + "' on " + time(trouble.since()) + " is over.");
    }

    Notice test(String host, String volume) {
        return of(
                Notice.Kind.TEST,
                host,
                volume,
                Optional.empty(),
                Set.of(),
                "TEST of notifications from " + server,
                "This is a test, sent by `holdfast notify test` on server '" + server + "' at " + time(now)
                        + ". Nothing is wrong.\n\nNotices of trouble look like this one and say what to do.");
    }

    Notice digest(String title, String text, String html) {
        Notice plain = ofServer(Notice.Kind.DIGEST, Notice.Occasion.FIRST, Optional.empty(), Set.of(), title, text);
        return new Notice(
                plain.kind(),
                plain.occasion(),
                server,
                "",
                "",
                now,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Set.of(),
                title,
                text,
                html);
    }

    private Notice ofServer(
            Notice.Kind kind,
            Notice.Occasion occasion,
            Optional<Instant> since,
            Set<Notice.Kind> over,
            String title,
            String text) {
        return new Notice(
                kind,
                occasion,
                server,
                "",
                "",
                now,
                since,
                Optional.empty(),
                Optional.empty(),
                "",
                over,
                title,
                text,
                "");
    }

    private Notice of(
            Notice.Kind kind,
            String host,
            String volume,
            Optional<Notice.LastGood> good,
            Set<Notice.Kind> over,
            String title,
            String text) {
        return new Notice(
                kind,
                Notice.Occasion.FIRST,
                server,
                host,
                volume,
                now,
                Optional.empty(),
                good,
                Optional.empty(),
                "",
                over,
                title,
                text,
                "");
    }
}
