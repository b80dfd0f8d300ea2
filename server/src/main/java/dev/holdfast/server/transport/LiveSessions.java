package dev.holdfast.server.transport;

import dev.holdfast.keys.machine.SshPublicKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Which hosts are logged in now. A login is entered first and checked again after, so a revocation cannot slip between. */
final class LiveSessions {
    private final Authorizer authorizer;
    private final int sessionsPerHost;
    private final InstantSource clock;
    private final Set<HostSession> sessions = ConcurrentHashMap.newKeySet();

    LiveSessions(Authorizer authorizer, int sessionsPerHost, InstantSource clock) {
        this.authorizer = authorizer;
        this.sessionsPerHost = sessionsPerHost;
        this.clock = clock;
    }

    /** The key was shown, perhaps only to ask whether it would do. */
    boolean show(HostSession session, SshPublicKey key, String user) {
        Optional<String> host = authorizer.hostOf(key, user);
        session.candidate(host.map(name -> new HostSession.Login(key, user, name, clock.instant()))
                .orElse(null));
        return host.isPresent();
    }

    /** What became of a proven login. */
    enum Entry {
        ENTERED,
        REVOKED_MEANWHILE,
        TOO_MANY
    }

    Entry enter(HostSession session, HostSession.Login login) {
        synchronized (this) {
            if (ofHost(login.host()) >= sessionsPerHost) {
                return Entry.TOO_MANY;
            }
            session.loggedIn(login);
            sessions.add(session);
        }
        session.addCloseFutureListener(closed -> sessions.remove(session));
        boolean still = authorizer.hostOf(login.key(), login.user()).equals(Optional.of(login.host()));
        return still ? Entry.ENTERED : Entry.REVOKED_MEANWHILE;
    }

    private long ofHost(String host) {
        return sessions.stream().filter(session -> isOf(session, host::equals)).count();
    }

    List<HostSession> all() {
        return List.copyOf(sessions);
    }

    List<HostSession> of(Predicate<String> host) {
        return sessions.stream().filter(session -> isOf(session, host)).toList();
    }

    private static boolean isOf(HostSession session, Predicate<String> host) {
        return session.login().map(HostSession.Login::host).filter(host).isPresent();
    }
}
