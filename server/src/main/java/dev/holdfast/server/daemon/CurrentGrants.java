package dev.holdfast.server.daemon;

import dev.holdfast.server.session.Grants;
import java.util.Optional;

/** Asks whichever {@link Membership} counts at the moment. */
final class CurrentGrants implements Grants {
    private volatile Membership membership;

    CurrentGrants(Membership first) {
        this.membership = first;
    }

    Membership now() {
        return membership;
    }

    /** Lets {@code fresh} count from now on; gives back what counted before. */
    synchronized Membership exchange(Membership fresh) {
        Membership before = membership;
        membership = fresh;
        return before;
    }

    @Override
    public boolean knows(String host) {
        return membership.knows(host);
    }

    @Override
    public boolean isHost(String name) {
        return membership.isHost(name);
    }

    @Override
    public boolean maySeeFleet(String name) {
        return membership.maySeeFleet(name);
    }

    @Override
    public boolean mayOrder(String name) {
        return membership.mayOrder(name);
    }

    @Override
    public Optional<String> realmOf(String host) {
        return membership.realmOf(host);
    }

    @Override
    public boolean mayRead(String host, String realm) {
        return membership.mayRead(host, realm);
    }

    @Override
    public Optional<String> keyringFor(String host, String realm) {
        return membership.keyringFor(host, realm);
    }

    @Override
    public boolean mayBackUp(String host, String volume) {
        return membership.mayBackUp(host, volume);
    }

    @Override
    public boolean mayRestore(String host, String sourceHost, String volume) {
        return membership.mayRestore(host, sourceHost, volume);
    }

    @Override
    public long quotaBytes(String host) {
        return membership.quotaBytes(host);
    }
}
