package dev.holdfast.agent.fleet;

import dev.holdfast.agent.schedule.Follower;
import dev.holdfast.agent.schedule.Plan;
import dev.holdfast.agent.schedule.ResidentAgent;
import dev.holdfast.agent.schedule.RunRecord;
import dev.holdfast.agent.transport.KeptConnection;
import dev.holdfast.agent.transport.SshConnection;
import dev.holdfast.agent.transport.SshLink;
import dev.holdfast.core.config.Job;
import dev.holdfast.core.config.Server;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.wire.Message;
import java.io.Closeable;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of the resident agent: one to each server of its jobs, or to every server when it has none. They follow the
 * configuration and come again by themselves; that one is missing keeps no backup from being made.
 */
public final class FleetLinks implements Follower, Closeable {
    private static final Logger log = LoggerFactory.getLogger(FleetLinks.class);

    private final ResidentAgent agent;
    private final Dialer dialer;
    private final OrderDesk desk;
    private final Setting setting;
    private final RestoreWatch restores;
    private final Map<String, Link> links = new HashMap<>();
    private Optional<Plan> plan = Optional.empty();
    private boolean closed;

    /**
     * What does not depend on the agent: who this is, and its clock and chance.
     *
     * @param state the folder in which restores leave their markers
     */
    public record Setting(String host, String software, Path state, InstantSource clock, RandomGenerator random) {}

    private record Link(String described, KeptConnection connection, StandingSession session) {}

    private FleetLinks(Setting setting, ResidentAgent agent, Dialer dialer, RestoreWork work) {
        this.setting = setting;
        this.agent = agent;
        this.dialer = dialer;
        this.desk = new OrderDesk(setting.host(), agent, work);
        this.restores = RestoreWatch.start(setting.state(), this::restoresChanged);
    }

    /** Connects, in the background, and follows the agent. */
    public static FleetLinks open(Setting setting, ResidentAgent agent, Dialer dialer, RestoreWork work) {
        FleetLinks links = new FleetLinks(setting, agent, dialer, work);
        agent.follow(links);
        return links;
    }

    /** A conversation over the connection that is kept to that server; empty when there is none at the moment. */
    public Optional<SshLink> channel(String server) {
        Optional<Link> link;
        synchronized (this) {
            link = Optional.ofNullable(links.get(server));
        }
        return link.flatMap(one -> one.connection.channel());
    }

    @Override
    public void adopted(Plan fresh) {
        Set<String> wanted = servers(fresh);
        List<Link> gone;
        synchronized (this) {
            if (closed) {
                return;
            }
            plan = Optional.of(fresh);
            gone = links.entrySet().stream()
                    .filter(link -> !wanted.contains(link.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            links.keySet().retainAll(wanted);
            wanted.forEach(server -> keep(fresh, server));
        }
        gone.forEach(link -> link.connection.close());
        changed();
    }

    private static Set<String> servers(Plan plan) {
        Set<String> servers = new TreeSet<>();
        plan.jobs().stream().map(Job::server).forEach(servers::add);
        if (servers.isEmpty()) {
            plan.configuration().servers().stream().map(Server::name).forEach(servers::add);
        }
        return servers;
    }

    private void keep(Plan fresh, String server) {
        String described = describe(fresh, server);
        Optional<Link> before = Optional.ofNullable(links.get(server));
        if (before.isEmpty()) {
            StandingSession session =
                    new StandingSession(server, setting.software(), setting.clock(), this::announcements, this::take);
            KeptConnection connection = KeptConnection.start(
                    server, () -> dial(server), session::hold, KeptConnection.Pauses.standard(), setting.random());
            links.put(server, new Link(described, connection, session));
        } else if (!before.get().described.equals(described)) {
            links.put(server, new Link(described, before.get().connection, before.get().session));
            before.get().connection.renew();
        }
    }

    private String describe(Plan fresh, String server) {
        try {
            return dialer.describe(fresh.configuration(), server);
        } catch (HoldfastException e) {
            log.debug("no connection to server '{}' can be made: {}", server, e.getMessage());
            return "";
        }
    }

    private SshConnection dial(String server) {
        return dialer.connect(current().configuration(), server);
    }

    private synchronized Plan current() {
        return plan.orElseThrow(() ->
                Problem.of(ProblemCode.BUG, "a connection without a plan", "").asException());
    }

    private Announcements announcements(String server) {
        return new Announcements(
                current(),
                agent.report(),
                restores.seen(),
                server,
                setting.clock().instant());
    }

    private void take(String server, Message message, Outbox answers) {
        if (message instanceof Message.GiveOrder give) {
            desk.take(current().configuration(), server, give.order(), answers);
        } else if (message instanceof Message.CancelOrder cancel) {
            desk.cancel(cancel.order());
        }
    }

    @Override
    public synchronized void changed() {
        links.values().forEach(link -> link.session.changed());
    }

    private synchronized void restoresChanged() {
        links.values().forEach(link -> link.session.restoresChanged());
    }

    @Override
    public void began(String server, String volume, String by, Instant began) {
        session(server)
                .ifPresent(session -> session.report(
                        Announcements.began(volume, by, began, setting.clock().instant())));
    }

    @Override
    public void ended(String server, String volume, String by, RunRecord run) {
        session(server)
                .ifPresent(session -> session.report(
                        Announcements.ended(volume, by, run, setting.clock().instant())));
        changed();
    }

    private synchronized Optional<StandingSession> session(String server) {
        return Optional.ofNullable(links.get(server)).map(link -> link.session);
    }

    @Override
    public void close() {
        List<Link> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(links.values());
            links.clear();
        }
        restores.close();
        desk.cancelAll();
        open.forEach(link -> link.connection.close());
    }
}
