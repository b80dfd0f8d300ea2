package dev.holdfast.server.notify;

import dev.holdfast.core.config.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The weekly summary: every volume with the age of its last good snapshot, what came, what failed, and the room that is left. */
final class Digest {
    static final Duration WEEK = Duration.ofDays(7);
    private static final List<String> HEADINGS =
            List.of("HOST", "VOLUME", "LAST GOOD", "RUNS", "FAILED", "ADDED", "STATE");

    private final String server;
    private final Wording wording;
    private final Instant now;
    private final List<List<String>> rows = new ArrayList<>();
    private int troubled;

    private Digest(String server, Wording wording, Instant now) {
        this.server = server;
        this.wording = wording;
        this.now = now;
    }

    /** Of what a channel is about. */
    static Notice of(
            String server,
            Wording wording,
            Instant now,
            Sighting sighting,
            Map<String, Observer.Runs> runs,
            LookoutBook book,
            Channel.Reach reach) {
        Digest digest = new Digest(server, wording, now);
        for (Sighting.Backup backup : sighting.backups()) {
            if (reach.covers(backup.host(), backup.volume())) {
                String key = LookoutBook.key(backup.host(), backup.volume());
                digest.add(backup, runs.getOrDefault(key, Observer.Runs.NONE), book.of(backup.host(), backup.volume()));
            }
        }
        return digest.notice(sighting, book, reach.isWhole());
    }

    private void add(Sighting.Backup backup, Observer.Runs runs, BackupMemory memory) {
        String age = memory.good()
                .map(good -> Amounts.length(Duration.between(good.at(), now)))
                .orElse(backup.last().isPresent() ? "only partial" : "none yet");
        Optional<String> trouble = trouble(backup.standing(), memory.trouble());
        troubled += trouble.isPresent() ? 1 : 0;
        String partial = runs.partial() == 0 ? "" : " (" + runs.partial() + " partial)";
        rows.add(List.of(
                backup.host(),
                backup.volume(),
                age,
                runs.count() + partial,
                Long.toString(memory.failuresSince(now.minus(WEEK))),
                Amounts.bytes(runs.addedBytes()),
                trouble.orElse("well")));
    }

    /** What was told, and what is so though it was not told, or not yet. */
    private Optional<String> trouble(Sighting.Standing standing, Optional<Trouble> told) {
        Optional<String> known = told.map(one -> since(one.kind().word(), one.since()));
        return known.filter(text -> told.get().kind() != Notice.Kind.PARTIAL)
                .or(() -> standing.overdueSince().map(moment -> since("overdue", moment)))
                .or(() -> standing.failedSince().map(moment -> since("failed", moment)))
                .or(() -> known);
    }

    private String since(String what, Instant moment) {
        return what + " since " + wording.time(moment);
    }

    private Notice notice(Sighting sighting, LookoutBook book, boolean whole) {
        List<String> notes = new ArrayList<>();
        if (whole) {
            book.damage()
                    .ifPresent(one -> notes.add("Stored data is damaged, told on " + wording.time(one.since()) + "."));
            sighting.freeBytes()
                    .ifPresent(free -> notes.add(
                            "Stored: " + Amounts.bytes(sighting.storedBytes()) + "; free: " + Amounts.bytes(free)
                                    + (book.space().isPresent() ? ", which is less than asked for." : ".")));
        }
        String state =
                state(whole && book.damage().isPresent(), whole && book.space().isPresent());
        String title = "weekly summary of " + server + ": " + state;
        String from = "Backups on server '" + server + "' from " + wording.time(now.minus(WEEK)) + " to "
                + wording.time(now) + ": " + Amounts.count(rows.size(), "volume") + ", " + state + ".";
        return wording.digest(title, text(from, notes), html(title, from, notes));
    }

    private String state(boolean damaged, boolean full) {
        List<String> bad = new ArrayList<>();
        if (troubled > 0) {
            bad.add(Amounts.count(troubled, "volume") + " in trouble");
        }
        if (damaged) {
            bad.add("stored data is damaged");
        }
        if (full) {
            bad.add("little room is left");
        }
        if (bad.isEmpty()) {
            return rows.isEmpty() ? "no volume to be seen" : "all is well";
        }
        return String.join(", ", bad);
    }

    private String text(String from, List<String> notes) {
        StringBuilder text = new StringBuilder(from).append("\n\n");
        int[] widths = new int[HEADINGS.size()];
        List<List<String>> lines = new ArrayList<>(List.of(HEADINGS));
        lines.addAll(rows);
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder written = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                written.append(line.get(i))
                        .append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            text.append(written.toString().stripTrailing()).append('\n');
        }
        notes.forEach(note -> text.append('\n').append(note));
        return text.toString();
    }

    private String html(String title, String from, List<String> notes) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(title))
                .append("</title></head><body style=\"font-family:sans-serif\"><p>")
                .append(escaped(from))
                .append("</p><table style=\"border-collapse:collapse\">\n<tr>");
        HEADINGS.forEach(heading -> html.append("<th scope=\"col\" style=\"text-align:left;padding:2px 12px 2px 0\">")
                .append(heading)
                .append("</th>"));
        html.append("</tr>\n");
        for (List<String> row : rows) {
            html.append("<tr>");
            row.forEach(cell -> html.append("<td style=\"padding:2px 12px 2px 0\">")
                    .append(escaped(cell))
                    .append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</table>");
        notes.forEach(note -> html.append("<p>").append(escaped(note)).append("</p>"));
        return html.append("</body></html>\n").toString();
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
