package dev.holdfast.server.notify;

import dev.holdfast.core.config.Configuration;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Makes notices of what changes between one look and the next. Trouble of a volume is told when it begins and when it becomes another
 * kind of trouble, again as a reminder while it lasts, and once when it is over. Used by one thread.
 */
final class Lookout {
    /** How much more than the least must be free before want of space counts as over. */
    private static final double ENOUGH = 1.1;

    /** For how long failures are counted: a little more than a summary is about. */
    private static final Duration COUNTED = Duration.ofDays(8);

    private final String server;
    private final LookoutBook book;
    private final Instant started;
    private Configuration configuration;
    private final ZoneId zone;

    /** {@code zone} is that of the server's machine; {@code started} is when hosts could reach it again. */
    Lookout(String server, LookoutBook book, Configuration configuration, ZoneId zone, Instant started) {
        this.server = server;
        this.book = book;
        this.started = started;
        this.configuration = configuration;
        this.zone = zone;
    }

    void adopt(Configuration fresh) {
        configuration = fresh;
    }

    Wording wording(Instant now) {
        return new Wording(server, configuration.timeZone().orElse(zone), now);
    }

    List<Notice> look(Sighting sighting, Instant now) {
        List<Notice> notices = new ArrayList<>();
        for (Sighting.Backup backup : sighting.backups()) {
            look(backup, now, notices);
        }
        book.keepOnly(this::isBackedUp);
        sighting.damage().ifPresent(findings -> lookAtDamage(findings, now, notices));
        sighting.freeBytes().ifPresent(free -> lookAtSpace(free, now, notices));
        return notices;
    }

    /** Asked of the configuration: what cannot be seen for a while is not to be forgotten. */
    private boolean isBackedUp(String key) {
        int slash = key.indexOf('/');
        String host = key.substring(0, slash);
        return host.equals(server)
                || configuration
                        .findClient(host)
                        .filter(client -> client.backup().contains(key.substring(slash + 1)))
                        .isPresent();
    }

    private void look(Sighting.Backup backup, Instant now, List<Notice> notices) {
        boolean known = book.knows(backup.host(), backup.volume());
        BackupMemory before = book.of(backup.host(), backup.volume());
        BackupMemory memory = before;
        if (backup.last().isPresent()) {
            Sighting.Snapshot snapshot = backup.last().get();
            boolean isNew = !before.seen().equals(Optional.of(snapshot.id()));
            memory = isNew ? before.with(snapshot) : before;
            if (isNew && known) {
                memory = memory.in(arrived(backup, snapshot, memory, now, notices));
            }
        }
        Optional<Instant> missed = missedSince(backup, now);
        memory = memory.in(missing(backup, missed, memory, now, notices));
        memory = memory.in(remembered(backup, memory, now, notices));
        book.put(backup.host(), backup.volume(), memory);
    }

    private Optional<Instant> missedSince(Sighting.Backup backup, Instant now) {
        return backup.owedSince()
                .filter(due -> due.plus(configuration.watch().graceInForce()).isBefore(now));
    }

    /** What is left of the trouble when a snapshot has come. */
    private Optional<Trouble> arrived(
            Sighting.Backup backup,
            Sighting.Snapshot snapshot,
            BackupMemory memory,
            Instant now,
            List<Notice> notices) {
        Wording wording = wording(now);
        Optional<Trouble> trouble = memory.trouble();
        if (!snapshot.partial()) {
            trouble.ifPresent(one -> notices.add(wording.recovered(backup.host(), backup.volume(), one, snapshot)));
            notices.add(wording.done(backup.host(), backup.volume(), snapshot));
            return Optional.empty();
        }
        boolean again = trouble.filter(one -> one.kind() == Notice.Kind.PARTIAL).isPresent();
        Trouble partial = again
                ? trouble.get()
                : Trouble.begun(Notice.Kind.PARTIAL, snapshot.received(), now, Optional.empty(), Optional.empty());
        notices.add(wording.trouble(
                again ? Notice.Occasion.REPEAT : Notice.Occasion.FIRST,
                Wording.Subject.of(backup),
                partial,
                memory.good(),
                again ? Set.of() : trouble.map(Trouble::told).orElse(Set.of())));
        return Optional.of(partial);
    }

    private Optional<Trouble> missing(
            Sighting.Backup backup, Optional<Instant> missed, BackupMemory memory, Instant now, List<Notice> notices) {
        Optional<Trouble> trouble = memory.trouble();
        boolean told = trouble.filter(one -> one.kind() != Notice.Kind.PARTIAL).isPresent();
        boolean justBack = now.isBefore(started.plus(configuration.watch().graceInForce()));
        if (missed.isEmpty() || told || backup.running() || justBack) {
            return withoutJob(backup, trouble);
        }
        return Optional.of(begin(Wording.Subject.of(backup), missed.get(), memory, now, notices));
    }

    /** Nobody waits any longer for what is not due by itself any more. */
    private Optional<Trouble> withoutJob(Sighting.Backup backup, Optional<Trouble> trouble) {
        return trouble.filter(one -> one.kind() != Notice.Kind.MISSED || backup.scheduled());
    }

    private Trouble begin(
            Wording.Subject subject, Instant since, BackupMemory memory, Instant now, List<Notice> notices) {
        Trouble trouble = Trouble.begun(Notice.Kind.MISSED, since, now, Optional.empty(), memory.trouble());
        notices.add(wording(now).trouble(Notice.Occasion.FIRST, subject, trouble, memory.good(), Set.of()));
        return trouble;
    }

    private Optional<Trouble> remembered(
            Sighting.Backup backup, BackupMemory memory, Instant now, List<Notice> notices) {
        return memory.trouble().map(trouble -> {
            if (!isToBeReminded(trouble, now)) {
                return trouble;
            }
            notices.add(wording(now)
                    .trouble(Notice.Occasion.REMINDER, Wording.Subject.of(backup), trouble, memory.good(), Set.of()));
            return trouble.toldAt(now);
        });
    }

    private boolean isToBeReminded(Trouble trouble, Instant now) {
        return !now.isBefore(trouble.toldAt().plus(configuration.watch().remindInForce()));
    }

    /** A host has said that a run came to nothing; one that a good snapshot came after is only counted. */
    List<Notice> failed(String host, String volume, Cause cause, Instant at, Instant now) {
        BackupMemory memory = book.of(host, volume).failed(at, now.minus(COUNTED));
        Optional<Trouble> before = memory.trouble();
        if (memory.good().filter(good -> good.at().isAfter(at)).isPresent()) {
            book.put(host, volume, memory);
            return List.of();
        }
        boolean again = before.filter(one -> one.kind() == Notice.Kind.FAILED).isPresent();
        Instant since = before.map(Trouble::since).orElse(at);
        Trouble trouble = again
                ? before.get().because(cause)
                : Trouble.begun(Notice.Kind.FAILED, since, now, Optional.of(cause), before);
        book.put(host, volume, memory.in(Optional.of(trouble)));
        Notice.Occasion occasion = again ? Notice.Occasion.REPEAT : Notice.Occasion.FIRST;
        Wording.Subject subject = new Wording.Subject(host, volume, false);
        return List.of(wording(now).trouble(occasion, subject, trouble, memory.good(), Set.of()));
    }

    private void lookAtDamage(List<String> findings, Instant now, List<Notice> notices) {
        Optional<Trouble> trouble = book.damage();
        if (findings.isEmpty()) {
            trouble.ifPresent(one -> notices.add(wording(now).wellAgain(one)));
            book.damage(Optional.empty());
            book.damageTold().clear();
            return;
        }
        Set<String> marks = findings.stream().map(Lookout::mark).collect(Collectors.toCollection(TreeSet::new));
        Set<String> fresh = new HashSet<>(marks);
        fresh.removeAll(book.damageTold());
        boolean reminder = trouble.isPresent() && fresh.isEmpty();
        if (reminder && !isToBeReminded(trouble.get(), now)) {
            return;
        }
        Trouble told = trouble.map(one -> one.toldAt(now))
                .orElseGet(() -> Trouble.begun(Notice.Kind.DAMAGE, now, now, Optional.empty(), Optional.empty()));
        notices.add(wording(now).damage(reminder ? Notice.Occasion.REMINDER : Notice.Occasion.FIRST, told, findings));
        book.damage(Optional.of(told));
        book.damageTold().addAll(marks);
    }

    /** What stays the same when only a count grows. */
    private static String mark(String finding) {
        return PlainText.line(finding).replaceAll("\\b[0-9]+\\b", "#");
    }

    private void lookAtSpace(long free, Instant now, List<Notice> notices) {
        long least = configuration.watch().spaceInForce();
        Optional<Trouble> trouble = book.space();
        if (free >= least) {
            if (trouble.isPresent() && free >= least * ENOUGH) {
                notices.add(wording(now).wellAgain(trouble.get()));
                book.space(Optional.empty());
            }
            return;
        }
        if (trouble.isPresent() && !isToBeReminded(trouble.get(), now)) {
            return;
        }
        Trouble told = trouble.map(one -> one.toldAt(now))
                .orElseGet(() -> Trouble.begun(Notice.Kind.SPACE, now, now, Optional.empty(), Optional.empty()));
        notices.add(wording(now)
                .space(trouble.isPresent() ? Notice.Occasion.REMINDER : Notice.Occasion.FIRST, told, free, least));
        book.space(Optional.of(told));
    }

    LookoutBook book() {
        return book;
    }
}
