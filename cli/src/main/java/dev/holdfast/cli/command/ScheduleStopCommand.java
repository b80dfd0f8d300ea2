package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "stop",
        description = {
            "Pauses the schedule: no backup is started by itself until `holdfast schedule start`, also not after a restart.",
            "The agent stays, and a backup under way is finished."
        })
final class ScheduleStopCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 50;

    private final Session session;

    @Option(
            names = "--exit",
            description = "End the agent too; a backup under way is stopped and goes on when there is one again.")
    private boolean exit;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long to wait until it is gone (default: ${DEFAULT-VALUE}).")
    private long timeoutSeconds = 90;

    ScheduleStopCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        ThisAgent agent = ThisAgent.find(session);
        AgentControl control = agent.control();
        boolean running = control.pause().isPresent();
        if (!running) {
            agent.state().create();
            if (!control.pauseAbsent(true)) {
                throw ScheduleStartCommand.changing(agent);
            }
        }
        if (exit && running) {
            end(agent, control);
        }
        boolean stays = running && !exit;
        if (session.options().json()) {
            session.json()
                    .line(
                            "paused",
                            json -> json.text("host", agent.name())
                                    .flag("was_running", running)
                                    .flag("running", stays));
        } else {
            session.say("the schedule of host '" + agent.name() + "' is paused"
                    + (stays ? "; its agent stays" : running ? "; its agent has ended" : "; no agent was running"));
        }
        return 0;
    }

    private void end(ThisAgent agent, AgentControl control) throws InterruptedException {
        control.exit();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        while (control.isAlive()) {
            if (System.nanoTime() - deadline > 0) {
                throw Problem.of(
                                ProblemCode.FAILED,
                                "the agent of host '" + agent.name() + "' has not ended within " + timeoutSeconds
                                        + " seconds",
                                "See " + agent.state().agentLog()
                                        + ". Killing the process is safe: what was acknowledged is on the server.")
                        .asException();
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }
}
