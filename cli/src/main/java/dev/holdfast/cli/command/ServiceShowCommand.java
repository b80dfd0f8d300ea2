package dev.holdfast.cli.command;

import dev.holdfast.cli.service.UnitFile;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "show", description = "Prints the unit that is installed, and says whether somebody has changed it.")
final class ServiceShowCommand implements Callable<Integer> {
    private final Session session;

    @Mixin
    private ServiceOptions which = new ServiceOptions();

    ServiceShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        UnitFile unit = which.installed(session);
        String content = unit.content().orElse("");
        boolean edited = UnitFile.isEdited(content);
        if (session.options().json()) {
            session.json()
                    .line(
                            "unit",
                            json -> json.text("file", unit.file().toString())
                                    .flag("edited", edited)
                                    .text("content", content));
            return 0;
        }
        session.remark(unit.file() + (edited ? ", changed by hand:" : ", as it was written:"));
        session.terminal().out().print(content);
        return 0;
    }
}
