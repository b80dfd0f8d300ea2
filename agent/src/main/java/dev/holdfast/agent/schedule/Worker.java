package dev.holdfast.agent.schedule;

import dev.holdfast.agent.schedule.RunRecord.Failure;
import dev.holdfast.agent.schedule.RunRecord.Result;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries one backup out in the thread that asks for it, and tells the log how it went. */
final class Worker {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);

    private final JobRunner runner;
    private final InstantSource clock;
    private final BooleanSupplier stopping;
    private Optional<Thread> thread = Optional.empty();

    /** How it went, and whether trying again can help. */
    record Attempt(RunRecord run, ProblemCode.Retry retry) {}

    /** @param stopping whether the agent is ending: what fails then was interrupted */
    Worker(JobRunner runner, InstantSource clock, BooleanSupplier stopping) {
        this.runner = runner;
        this.clock = clock;
        this.stopping = stopping;
    }

    Attempt attempt(Configuration configuration, JobRunner.Task task, BooleanSupplier cancelled) {
        Instant began = clock.instant();
        log.info("backup of '{}' to '{}' begins", task.volume(), task.server());
        try {
            JobRunner.Achievement made = interruptibly(() -> runner.run(configuration, task, cancelled));
            RunRecord run = RunRecord.made(began, since(began), made);
            log.info(
                    "backup of '{}' to '{}' {}: snapshot {}, {} bytes in {} files, {} bytes sent, {} ms",
                    task.volume(),
                    task.server(),
                    run.result().word(),
                    made.snapshot(),
                    made.bytes(),
                    made.files(),
                    made.bytesSent(),
                    run.took().toMillis());
            return new Attempt(run, ProblemCode.Retry.NO);
        } catch (HoldfastException e) {
            return cancelled.getAsBoolean() ? cancelled(task, began) : failed(task, began, e.problem());
        } catch (RuntimeException e) {
            log.error("a fault in Holdfast; please report it to the project", e);
            return failed(
                    task,
                    began,
                    Problem.of(ProblemCode.BUG, "unexpected " + e, "See the log of the agent, and report it."));
        }
    }

    void recover(Configuration configuration) {
        try {
            runner.recover(configuration);
        } catch (HoldfastException e) {
            log.warn(
                    "what an interrupted run has left cannot be put right: {} [{}]",
                    e.problem().message(),
                    e.problem().code().label());
        } catch (RuntimeException e) {
            log.error("a fault in Holdfast; please report it to the project", e);
        }
    }

    /** Only here may somebody interrupt: elsewhere that would cut off the writing of the book. */
    private <T> T interruptibly(Supplier<T> work) {
        synchronized (this) {
            thread = Optional.of(Thread.currentThread());
        }
        try {
            return work.get();
        } finally {
            synchronized (this) {
                thread = Optional.empty();
                Thread.interrupted();
            }
        }
    }

    private Duration since(Instant began) {
        Duration took = Duration.between(began, clock.instant());
        return took.isNegative() ? Duration.ZERO : took;
    }

    /** By the agent, which is ending, or by whoever wanted it: whatever failed then did so for that reason. */
    private Attempt cancelled(JobRunner.Task task, Instant began) {
        boolean byAgent = stopping.getAsBoolean();
        String what = byAgent ? "stopped; it goes on with the next agent" : "cancelled";
        log.info("backup of '{}' to '{}' {}", task.volume(), task.server(), what);
        Problem why = Problem.of(
                ProblemCode.CANCELLED,
                byAgent ? "the agent ended during the run" : "the backup was cancelled",
                byAgent ? "It is begun again by itself." : "What was sent is not sent again when it is begun anew.");
        Result result = byAgent ? Result.INTERRUPTED : Result.CANCELLED;
        return new Attempt(RunRecord.without(result, began, since(began), Failure.of(why)), ProblemCode.Retry.NO);
    }

    private Attempt failed(JobRunner.Task task, Instant began, Problem problem) {
        log.warn(
                "backup of '{}' to '{}' failed: {} [{}]",
                task.volume(),
                task.server(),
                problem.message(),
                problem.code().label());
        return new Attempt(
                RunRecord.without(Result.FAILED, began, since(began), Failure.of(problem)),
                problem.code().retry());
    }

    /** Interrupts the run that is under way, if there is one and that holds at this moment. */
    synchronized void interruptIf(BooleanSupplier condition) {
        if (condition.getAsBoolean()) {
            thread.ifPresent(Thread::interrupt);
        }
    }
}
