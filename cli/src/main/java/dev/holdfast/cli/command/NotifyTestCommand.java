package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.core.config.Channel;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.server.notify.Trial;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "test",
        description = {
            "Sends a marked test through every channel of the configuration and says for each how that went.",
            "Secrets that are $NAME are taken from the environment of this command, not of the server. The exit code is that of the"
                    + " worst failure."
        })
final class NotifyTestCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--channel",
            paramLabel = "N",
            description = "Only this channel: its number or name, as `notify list` shows them.")
    private @Nullable String which;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only show where it would be sent.")
    private boolean dryRun;

    NotifyTestCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ThisServersChannels all = ThisServersChannels.of(session);
        Trial trial = new Trial(
                all.configuration(), all.server().name(), session.environment(), session.clock(), session.zone());
        int exitCode = 0;
        int failures = 0;
        for (Channel channel : all.chosen(Optional.ofNullable(which))) {
            if (channel.receiver().isOpenToAll()) {
                session.remark("warning: what channel '" + channel.name() + "' tells can be read on its way");
            }
            Optional<Problem> problem = dryRun ? Optional.empty() : trial.send(channel);
            show(all.number(channel), channel, problem);
            failures += problem.isPresent() ? 1 : 0;
            exitCode =
                    Math.max(exitCode, problem.map(one -> one.code().exitCode()).orElse(0));
        }
        conclude(failures, exitCode);
        return exitCode;
    }

    private String result(Optional<Problem> problem) {
        if (dryRun) {
            return "would be told";
        }
        return problem.isPresent() ? "failed" : "ok";
    }

    private void show(int number, Channel channel, Optional<Problem> problem) {
        if (session.options().json()) {
            session.json().line("channel", json -> {
                json.number("number", number)
                        .text("name", channel.name())
                        .text("kind", channel.receiver().kind())
                        .text("place", channel.receiver().place())
                        .text("result", dryRun ? "dry_run" : result(problem));
                problem.ifPresent(one -> json.text("problem", one.code().label())
                        .text("message", one.message())
                        .text("hint", one.hint()));
            });
            return;
        }
        session.say(result(problem) + ": " + channel.name() + " ("
                + SafeText.of(channel.receiver().place()) + ")"
                + problem.map(one -> ": " + SafeText.of(one.message()) + "  ["
                                + one.code().label() + "]")
                        .orElse(""));
        problem.map(Problem::hint)
                .filter(hint -> !hint.isEmpty())
                .ifPresent(hint -> session.say("  hint: " + SafeText.of(hint)));
        session.terminal().flush();
    }

    private void conclude(int failures, int exitCode) {
        if (session.options().json()) {
            session.json()
                    .line("summary", json -> json.number("failures", failures).number("exit_code", exitCode));
        }
    }
}
