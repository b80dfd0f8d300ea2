package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentSetup;
import dev.holdfast.agent.schedule.ResidentAgent;
import dev.holdfast.agent.schedule.Turn;
import dev.holdfast.cli.handover.Reception;
import dev.holdfast.cli.handover.Relay;
import dev.holdfast.cli.handover.TypedLine;
import dev.holdfast.core.daemon.ControlSocket;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParseResult;

/** The resident agent's desk for commands that people type in shells of this machine. */
final class TypedCommands implements ResidentAgent.Conversations, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TypedCommands.class);
    private static final long ENDING_SECONDS = 60;

    private final Session agent;
    private final HandoverRules rules;
    private final Turn turn;
    private final Set<Typed> open = ConcurrentHashMap.newKeySet();

    /** @param turn which lines share with the jobs of the schedule */
    TypedCommands(Session agent, AgentSetup setup, Turn turn) {
        this.agent = agent;
        this.rules = new HandoverRules(agent.environment(), setup);
        this.turn = turn;
    }

    @Override
    public boolean hold(String request, ControlSocket.Caller caller) throws IOException {
        if (!request.equals(TypedLine.REQUEST)) {
            return false;
        }
        Reception.hold(caller, Typed::new);
        return true;
    }

    /** Stops what is being carried out; its shells say that the agent has gone. Returns when all has ended. */
    @Override
    public void close() {
        open.forEach(Typed::abandon);
        open.forEach(Typed::awaitEnd);
    }

    private final class Typed implements Reception.Work {
        private final TypedLine line;
        private final Relay relay;
        private final Session session;
        private final CountDownLatch ended = new CountDownLatch(1);
        private Optional<String> objection;

        private Typed(TypedLine line, Relay relay) {
            this.line = line;
            this.relay = relay;
            this.session = agent.ofShell(relay.terminal(line.shape()), line.environment(), line.workingDirectory());
            this.objection = rules.objection(line);
        }

        @Override
        public void carryOut() {
            open.add(this);
            try {
                if (objection.isEmpty()) {
                    inTurn();
                }
                objection.ifPresent(relay::refuse);
            } catch (InterruptedException e) {
                log.warn("interrupted: {}", String.join(" ", line.words()));
            } catch (RuntimeException e) {
                log.error("a fault in Holdfast; please report it to the project", e);
            } finally {
                relay.leave();
                open.remove(this);
                ended.countDown();
            }
        }

        private void inTurn() throws InterruptedException {
            try (Turn.Hold hold = turn.takeIfFree().orElse(null)) {
                if (hold == null) {
                    objection = Optional.of("it is at work on something else");
                    return;
                }
                hold.goToWork("what somebody has typed there");
                String[] words = line.words().toArray(String[]::new);
                int exitCode = agent.furtherLines().run(session, this::admits, words);
                if (objection.isEmpty()) {
                    log.info("what was typed has ended with {}", exitCode);
                    relay.end(exitCode);
                }
            }
        }

        private boolean admits(ParseResult parsed) {
            objection = rules.objection(line, session, parsed);
            if (objection.isPresent()) {
                return false;
            }
            log.info("carries out what was typed: {}", String.join(" ", line.words()));
            relay.accept();
            return true;
        }

        @Override
        public void cancel(boolean bySystem) {
            if (bySystem) {
                session.cancellation().byTermination();
            }
            session.cancellation().request();
        }

        private void abandon() {
            relay.giveUp();
            cancel(true);
        }

        private void awaitEnd() {
            try {
                if (!ended.await(ENDING_SECONDS, TimeUnit.SECONDS)) {
                    log.warn("what was typed does not end: {}", String.join(" ", line.words()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
