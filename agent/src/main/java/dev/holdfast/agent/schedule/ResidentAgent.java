package dev.holdfast.agent.schedule;

import dev.holdfast.agent.leftover.OpenWork;
import dev.holdfast.agent.schedule.RunRecord.Result;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.daemon.ConfigurationWatch;
import dev.holdfast.core.daemon.ControlSocket;
import dev.holdfast.core.daemon.PrivateFolder;
import dev.holdfast.core.daemon.ProcessLock;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.progress.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent that stays: {@link #open} to have one, {@link #run} to let it work until {@link #stop}. All jobs run in the thread that
 * calls {@code run}; what others ask through the control socket is carried out at once beside it.
 */
public final class ResidentAgent implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ResidentAgent.class);
    /** However far the next job is: the clock may be set, and the machine may sleep. */
    private static final Duration LOOK_AT_LEAST = Duration.ofSeconds(10);

    private static final Duration RECOVER_EVERY = Duration.ofMinutes(1);
    /** Without a job, one that has not looked for so long never will. */
    private static final Duration LONGEST_TURN = LOOK_AT_LEAST.multipliedBy(9);

    private final AgentSetup setup;
    private final Worker worker;
    private final ProcessLock lock;
    private final Scheduler scheduler;
    private final ControlSocket control;
    private final ConfigurationWatch watch;
    private final StatusPorts ports;
    private final Turn turn;
    private final Conversations conversations;
    private final Demands demands = new Demands();
    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private volatile Plan plan;
    private volatile Optional<String> complaint = Optional.empty();
    private volatile boolean stopping;
    private volatile boolean carryingOut;
    private volatile Optional<ScheduledRun> scheduledRun = Optional.empty();
    private volatile long lastTurnNanos = System.nanoTime();
    private long nextRecoveryNanos = System.nanoTime();

    /** What is asked through the control socket beside what steers the agent. */
    public interface Conversations {
        /** Carries a conversation on in the thread of its connection; false for a request that begins none. */
        boolean hold(String request, ControlSocket.Caller caller) throws IOException;
    }

    private ResidentAgent(
            AgentSetup setup, JobRunner runner, Turn turn, Conversations conversations, ProcessLock lock, Plan plan)
            throws IOException {
        this.setup = setup;
        this.worker = new Worker(runner, setup.clock(), () -> stopping);
        this.turn = turn;
        this.conversations = conversations;
        this.lock = lock;
        this.plan = plan;
        this.scheduler = new Scheduler(ScheduleBook.open(AgentSetup.book(setup.state())), plan, setup.clock());
        this.ports = new StatusPorts(() -> new HostReport(report(), OpenWork.in(setup.state())), plan.statusPort());
        this.control = ControlSocket.open(setup.state(), AgentControl.SOCKET, new Requests());
        this.watch = ConfigurationWatch.start(setup.configuration(), setup.keys(), this::reloadQuietly);
    }

    /**
     * Opens the agent; nothing is run yet.
     *
     * @throws HoldfastException {@code BUSY} when this host has one already, {@code CONFIG} for a configuration with errors
     */
    public static ResidentAgent open(AgentSetup setup, JobRunner runner) {
        return open(setup, runner, new Turn(), (request, caller) -> false);
    }

    /**
     * The same for one that also carries out what others ask for.
     *
     * @param turn which jobs share with them
     */
    public static ResidentAgent open(AgentSetup setup, JobRunner runner, Turn turn, Conversations conversations) {
        Plan plan = read(setup);
        try {
            PrivateFolder.create(setup.state());
            ProcessLock lock = ProcessLock.tryTake(AgentControl.lock(setup.state()))
                    .orElseThrow(() -> Problem.of(
                                    ProblemCode.BUSY,
                                    "the agent of host '" + setup.name() + "' is running already",
                                    "`holdfast schedule status` shows it; `holdfast schedule stop --exit` ends it.")
                            .asException());
            try {
                ResidentAgent agent = new ResidentAgent(setup, runner, turn, conversations, lock, plan);
                agent.logStart();
                agent.ports.look();
                return agent;
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "the agent cannot start: " + e,
                            "Check that " + setup.state() + " belongs to this user."),
                    e);
        }
    }

    private static Plan read(AgentSetup setup) {
        return Plan.of(ConfigurationReader.read(setup.configuration()).orThrow(), setup.name(), setup.zone());
    }

    private void logStart() {
        log.info(
                "agent of host '{}' with {} jobs, times in {}{}",
                setup.name(),
                plan.jobs().size(),
                plan.timing().zone(),
                scheduler.isPaused() ? "; paused until `holdfast schedule start`" : "");
    }

    /** Carries out what is due until it is stopped. */
    public void run() {
        try {
            while (!stopping) {
                lastTurnNanos = System.nanoTime();
                recover();
                ports.look();
                Optional<Turn.Hold> hold = turn.take(LOOK_AT_LEAST);
                if (hold.isPresent() && !carryOutNext(hold.get())) {
                    setup.waiting().atMost(scheduler.untilNext(LOOK_AT_LEAST));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Also while the schedule is paused: what was stopped for a backup waits for nobody. */
    private void recover() {
        if (System.nanoTime() - nextRecoveryNanos >= 0) {
            worker.recover(plan.configuration());
            nextRecoveryNanos = System.nanoTime() + RECOVER_EVERY.toNanos();
        }
    }

    private boolean carryOutNext(Turn.Hold hold) {
        try (hold) {
            Optional<Demand> demand = demands.next();
            Optional<Job> job = demand.isPresent() ? Optional.empty() : scheduler.begin();
            if (demand.isEmpty() && job.isEmpty()) {
                return false;
            }
            hold.goToWork("the backup of '"
                    + demand.map(Demand::volume).or(() -> job.map(Job::volume)).orElse("") + "'");
            demand.ifPresent(this::carryOut);
            job.ifPresent(this::carryOut);
            return true;
        }
    }

    /** Whether {@link #run} goes round: a job under way may take any time, but between jobs it must look after them. */
    public boolean isTurning() {
        return carryingOut || System.nanoTime() - lastTurnNanos < LONGEST_TURN.toNanos();
    }

    private void carryOut(Job job) {
        ScheduledRun scheduled = new ScheduledRun(job);
        scheduledRun = Optional.of(scheduled);
        began(job.server(), job.volume(), "");
        Worker.Attempt attempt = worker.attempt(
                plan.configuration(),
                new JobRunner.Task(job.server(), job.volume(), Progress.NONE),
                () -> stopping || scheduled.isCancelled());
        if (attempt.run().result().isGood()) {
            scheduler.succeeded(job, attempt.run());
        } else if (attempt.run().result() == Result.INTERRUPTED) {
            scheduler.interrupted(job, attempt.run());
        } else {
            scheduler.failed(job, attempt.run(), attempt.retry());
        }
        scheduledRun = Optional.empty();
        scheduled.ended(attempt.run());
        ended(job.server(), job.volume(), "", attempt.run());
    }

    private void carryOut(Demand demand) {
        began(demand.server(), demand.volume(), demand.by());
        Optional<Job> scheduled = scheduler.beginNow(demand.server(), demand.volume());
        Worker.Attempt attempt = worker.attempt(
                plan.configuration(),
                new JobRunner.Task(demand.server(), demand.volume(), demand.watcher()),
                () -> stopping || demand.isCancelled());
        scheduled.ifPresent(job -> scheduler.endedNow(job, attempt.run()));
        demands.ended(demand);
        demand.ended(attempt.run());
        ended(demand.server(), demand.volume(), demand.by(), attempt.run());
    }

    private void count(MadeSnapshot made) {
        if (scheduler.count(made)) {
            log.info("the backup of '{}' to '{}' that somebody has made counts", made.volume(), made.server());
            followers.forEach(one -> one.ended(made.server(), made.volume(), "", made.run()));
            setup.waiting().wake();
        }
    }

    private void began(String server, String volume, String by) {
        carryingOut = true;
        followers.forEach(one -> one.began(server, volume, by, setup.clock().instant()));
    }

    private void ended(String server, String volume, String by, RunRecord run) {
        lastTurnNanos = System.nanoTime();
        carryingOut = false;
        followers.forEach(one -> one.ended(server, volume, by, run));
    }

    /** From now on {@code follower} is told what this agent does, beginning with what it is to do. */
    public void follow(Follower follower) {
        followers.add(follower);
        follower.adopted(plan);
    }

    /** How all jobs stand now. */
    public ScheduleReport report() {
        return scheduler.report(setup.name());
    }

    /**
     * Carries a backup out as soon as none is under way; that of a job of the schedule counts as its run.
     *
     * @throws HoldfastException {@code BUSY} when too many wait already
     */
    public void demand(Demand demand) {
        demands.add(demand);
        setup.waiting().wake();
    }

    /** The run that a demand of this moment waits for; empty when it begins at once. */
    public Optional<String> underWay() {
        return turn.work();
    }

    /** Takes a demand back; one that is under way ends soon, with {@code CANCELLED}. */
    public void cancel(Demand demand) {
        demand.cancel();
        if (demands.remove(demand)) {
            demand.neverBegan(setup.clock().instant());
            return;
        }
        worker.interruptIf(() -> demands.isCurrent(demand));
    }

    /**
     * Takes back the backup that the schedule has begun, which then comes again at its next ordinary time.
     *
     * @return how it ends; empty when no such backup is under way
     */
    public Optional<CompletableFuture<RunRecord>> cancelScheduled(String server, String volume) {
        Optional<ScheduledRun> run = scheduledRun.filter(one -> one.isOf(server, volume));
        run.ifPresent(one -> {
            one.cancel();
            worker.interruptIf(() -> scheduledRun.equals(run));
        });
        return run.map(ScheduledRun::end);
    }

    /** Reads the configuration again; on any problem everything stays as it was. */
    public String reload() {
        try {
            Plan fresh = read(setup);
            plan = fresh;
            scheduler.adopt(fresh);
            followers.forEach(one -> one.adopted(fresh));
            ports.serve(fresh.statusPort());
            complaint = Optional.empty();
        } catch (HoldfastException e) {
            complaint = Optional.of(e.problem().message());
            throw e;
        }
        setup.waiting().wake();
        String answer = "configuration read again: " + plan.jobs().size() + " jobs";
        log.info(answer);
        return answer;
    }

    /** Like {@link #reload}, for those who cannot be told of a problem: it goes to the log. */
    public void reloadQuietly() {
        try {
            reload();
        } catch (RuntimeException e) {
            log.warn("the changed configuration is not used: {}", e.getMessage());
        }
    }

    /** {@link #run} returns soon; a backup under way is stopped at once, and goes on when there is an agent again. */
    public void stop() {
        stopping = true;
        turn.end();
        setup.waiting().wake();
        worker.interruptIf(() -> true);
    }

    /** Lets go of everything; not to be called while {@link #run} is at work. */
    @Override
    public void close() {
        stop();
        watch.close();
        ports.close();
        try {
            control.close();
            lock.close();
        } catch (IOException e) {
            log.warn("closing failed: {}", e.getMessage());
        }
        log.info("agent of host '{}' stopped", setup.name());
    }

    private final class Requests implements ControlSocket.Requests {
        @Override
        public boolean converse(String request, ControlSocket.Caller caller) throws IOException {
            return conversations.hold(request, caller);
        }

        @Override
        public byte[] answer(String request) throws IOException {
            if (MadeSnapshot.isRequest(request)) {
                count(MadeSnapshot.parse(request));
                return "counted".getBytes(StandardCharsets.UTF_8);
            }
            String answer = switch (request) {
                case "who" ->
                    new AgentControl.Speaker(ProcessHandle.current().pid(), setup.software(), complaint).line();
                case "status-port" -> ports.trouble().orElse("");
                case "pause" -> {
                    scheduler.pause();
                    followers.forEach(Follower::changed);
                    log.info("paused: nothing is started until `holdfast schedule start`");
                    yield "paused";
                }
                case "resume" -> {
                    scheduler.resume();
                    followers.forEach(Follower::changed);
                    setup.waiting().wake();
                    log.info("resumed");
                    yield "resumed";
                }
                case "reload" -> reload();
                case "exit" -> {
                    stop();
                    yield "stopping";
                }
                default -> throw new IOException("unknown request");
            };
            return answer.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void refused(String request, String reason) {
            log.warn("control request '{}' failed: {}", request, reason);
        }

        @Override
        public void ended(String reason) {
            log.warn("the control socket fails: {}", reason);
        }
    }
}
