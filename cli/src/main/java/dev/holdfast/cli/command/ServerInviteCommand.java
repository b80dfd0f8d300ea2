package dev.holdfast.cli.command;

import dev.holdfast.cli.machine.KeyProblem;
import dev.holdfast.cli.machine.Machine;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.recovery.RecoveryKey;
import dev.holdfast.server.join.Fate;
import dev.holdfast.server.join.Invitation;
import dev.holdfast.server.join.Invitations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "invite",
        description = {
            "Invites a host that cannot reach the key store: prints a code by which it joins, once, within a time.",
            "The host runs `holdfast configure NAME --join CODE@HOST:PORT` and makes its own keys."
        })
final class ServerInviteCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The client of the configuration that is invited.")
    private @Nullable String name;

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description = "How long the code is good for, such as 30m, 24h or 7d (default: ${DEFAULT-VALUE}).")
    private String expires = "24h";

    @Option(
            names = "--replace",
            description = "Also invite a host that has keys: once it has joined, those that it has now count no more.")
    private boolean replace;

    @Option(names = "--recovery", description = "Ask for the recovery key, when nothing here opens the realm key.")
    private boolean recovery;

    @Option(names = "--list", description = "Show the invitations that there are, and what became of them.")
    private boolean list;

    @Option(names = "--revoke", paramLabel = "NAME", description = "Take back the open invitation of this host.")
    private @Nullable String revoke;

    ServerInviteCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        int asked = (name == null ? 0 : 1) + (list ? 1 : 0) + (revoke == null ? 0 : 1);
        if (asked != 1) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "one of NAME, --list and --revoke NAME is needed",
                            "Run `holdfast server invite NAME` to invite a client.")
                    .asException();
        }
        if (name != null) {
            invite(name);
        } else if (revoke != null) {
            withdraw(revoke);
        } else {
            show();
        }
        return 0;
    }

    private Invitations invitations() {
        return Invitations.in(ThisServer.find(session).state().folder(), session.clock());
    }

    private void invite(String guest) {
        Duration time = Lifetime.parse("--expires", expires);
        Machine machine = session.machine();
        Inviting inviting = new Inviting(session, machine, ThisServer.setup(session));
        Inviting.Made made = KeyProblem.translate(() -> {
            if (!recovery) {
                return inviting.invite(guest, time, replace, Optional.empty());
            }
            try (RecoveryKey typed = new SecretInput(session).recoveryKey()) {
                return inviting.invite(guest, time, replace, Optional.of(typed));
            }
        });
        try (var code = made.code()) {
            char[] groups = code.print();
            char[] line = code.line();
            report(made.invitation(), machine.server(), groups, line);
            Arrays.fill(groups, ' ');
            Arrays.fill(line, ' ');
        }
    }

    /** The code goes to the terminal now and is kept nowhere. */
    private void report(Invitation invitation, Server server, char[] groups, char[] line) {
        String host = server.hostname().indexOf(':') >= 0 ? "[" + server.hostname() + "]" : server.hostname();
        String address = host + ":" + server.port();
        if (session.options().json()) {
            session.json()
                    .line(
                            "summary",
                            json -> json.text("machine", invitation.name())
                                    .text("code", new String(line))
                                    .text("address", address)
                                    .time("expires", invitation.expires()));
            return;
        }
        session.say("invitation for '" + invitation.name() + "', good once, until "
                + new LocalTimes(session.zone()).precise(invitation.expires()));
        session.say("");
        byte[] text = StandardCharsets.US_ASCII
                .encode(java.nio.CharBuffer.wrap(groups))
                .array();
        session.terminal().out().writeBytes(text);
        Arrays.fill(text, (byte) 0);
        session.say("");
        session.say("on the new host, with this configuration:");
        session.say("");
        session.say("  holdfast configure " + invitation.name() + " --join " + new String(line) + "@" + address);
        session.say("");
        session.remark("whoever has the code can join as '" + invitation.name()
                + "': it is shown now and never again; `holdfast server invite --revoke " + invitation.name()
                + "` takes it back");
    }

    private void withdraw(String guest) {
        if (!invitations().withdraw(guest)) {
            throw notOpen(guest);
        }
        if (session.options().json()) {
            session.json().line("withdrawn", json -> json.text("machine", guest));
        } else {
            session.say("the invitation for '" + guest + "' is withdrawn");
        }
    }

    private HoldfastException notOpen(String guest) {
        boolean joined = invitations().newcomers().stream()
                .anyMatch(one -> one.keys().name().equals(guest));
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "there is no open invitation for '" + guest + "'" + (joined ? ": it has joined" : ""),
                        joined
                                ? "To shut the host out, take it out of the configuration, or run `holdfast keygen --rotate "
                                        + guest + "`."
                                : "`holdfast server invite --list` shows those that there are.")
                .asException();
    }

    private void show() {
        List<Invitation> all = invitations().all();
        Instant now = session.clock().instant();
        if (session.options().json()) {
            for (Invitation one : all) {
                session.json()
                        .line(
                                "invitation",
                                json -> json.text("machine", one.name())
                                        .text("state", state(one, now))
                                        .time("made", one.made())
                                        .time("expires", one.expires())
                                        .text(
                                                "key",
                                                one.newcomer()
                                                        .map(joined -> joined.keys()
                                                                .ssh()
                                                                .fingerprint())
                                                        .orElse("")));
            }
            return;
        }
        if (all.isEmpty()) {
            session.say("no invitations");
            return;
        }
        LocalTimes times = new LocalTimes(session.zone());
        Table table = new Table(
                Table.Column.text("CLIENT"),
                Table.Column.text("STATE"),
                Table.Column.text("MADE"),
                Table.Column.text("GOOD UNTIL"));
        all.forEach(one -> table.row(one.name(), state(one, now), times.show(one.made()), times.show(one.expires())));
        table.print(session.terminal());
    }

    private static String state(Invitation invitation, Instant now) {
        if (invitation.fate() instanceof Fate.Joined) {
            return "joined";
        }
        if (invitation.fate() instanceof Fate.Withdrawn) {
            return "withdrawn";
        }
        return invitation.isOpen(now) ? "open" : "expired";
    }
}
