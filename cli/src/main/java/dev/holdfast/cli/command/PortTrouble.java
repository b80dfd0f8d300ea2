package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.cli.terminal.JsonOutput;
import dev.holdfast.cli.terminal.SafeText;
import java.util.List;
import java.util.Optional;

/** That the port at which the schedule is to be seen cannot be had. */
record PortTrouble(Optional<String> message) {
    private static final String HINT =
            "It is tried again and again. `ss -ltnp` shows who has the port; `port` or `listen` in the `schedule`"
                    + " names another.";

    static PortTrouble of(AgentControl control) {
        return new PortTrouble(control.statusPortTrouble());
    }

    /** For a person, a line each. */
    List<String> lines() {
        return message.map(text -> List.of("warning: " + SafeText.of(text), "  hint: " + HINT))
                .orElse(List.of());
    }

    void write(JsonOutput.Fields json) {
        message.ifPresent(text -> json.text("status_port_problem", text));
    }
}
