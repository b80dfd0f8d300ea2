package dev.holdfast.agent.standstill;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineContainer;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.time.Duration;
import java.util.function.Consumer;

/** A command that a container brings along in a label, for its own shell. */
enum ContainerCommand {
    BEFORE(Standstill.BEFORE),
    AFTER(Standstill.AFTER);

    private static final Duration LONGEST = Duration.ofMinutes(30);

    private final String label;

    ContainerCommand(String label) {
        this.label = label;
    }

    boolean isIn(EngineContainer container) {
        return !command(container).isBlank();
    }

    private String command(EngineContainer container) {
        return container.labels().getOrDefault(label, "");
    }

    /** Runs it in the container, if there is one; {@code FAILED} when it ends with anything but 0. */
    void run(Engine engine, EngineContainer container, Consumer<String> notices) {
        if (!isIn(container)) {
            return;
        }
        notices.accept("running " + label + " of container '" + container.name() + "'");
        Engine.Executed executed = engine.execute(container, command(container), LONGEST);
        if (executed.exitCode() != 0) {
            throw Problem.of(
                            ProblemCode.FAILED,
                            "the command in the label " + label + " of container '" + container.name() + "' ended with "
                                    + executed.exitCode() + said(executed.output()),
                            "Try it with `" + engine.program() + " exec " + container.name() + " sh -c '...'`.")
                    .asException();
        }
    }

    private static String said(String output) {
        return output.isEmpty()
                ? ""
                : ": " + output.lines().reduce((before, last) -> last).orElse("");
    }
}
