package dev.holdfast.server.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DoorkeeperTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1000); // nanoTime may wrap
    private final Doorkeeper door = new Doorkeeper(5, 3, clock::get);

    @Test
    void oneAddressCannotTakeAllPlaces() {
        admit("192.0.2.1", 3);
        assertThat(door.admit(at("192.0.2.1"))).isPresent();
        assertThat(door.admit(at("192.0.2.2"))).isEmpty();
    }

    @Test
    void allAddressesTogetherCannotTakeMoreThanThereIs() {
        admit("192.0.2.1", 3);
        admit("192.0.2.2", 2);
        assertThat(door.admit(at("192.0.2.3"))).isPresent();
        door.leave(at("192.0.2.2"), Doorkeeper.End.LOGGED_IN);
        assertThat(door.admit(at("192.0.2.3"))).isEmpty();
        assertThat(door.strangers()).isEqualTo(5);
    }

    @Test
    void whoOnlyFailsToLogInIsKeptAwayForAWhile() {
        for (int i = 0; i < 4; i++) {
            fail("192.0.2.1");
        }
        assertThat(door.admit(at("192.0.2.1"))).isPresent();
        assertThat(door.admit(at("192.0.2.2"))).isEmpty();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(6));
        assertThat(door.admit(at("192.0.2.1"))).isEmpty();
    }

    @Test
    void aGoodLoginClearsThePenalty() {
        for (int i = 0; i < 3; i++) {
            fail("192.0.2.1");
        }
        door.admit(at("192.0.2.1"));
        door.leave(at("192.0.2.1"), Doorkeeper.End.LOGGED_IN);
        fail("192.0.2.1");
        assertThat(door.admit(at("192.0.2.1"))).isEmpty();
    }

    @Test
    void theNeighboursOfOneIpv6NetworkCountAsOne() {
        door.admit(at("2001:db8::1"));
        door.admit(at("2001:db8::2"));
        door.admit(at("2001:db8::3"));
        assertThat(door.admit(at("2001:db8::4"))).isPresent();
        assertThat(door.admit(at("2001:db8:0:1::1"))).isEmpty();
    }

    private void admit(String address, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(door.admit(at(address))).isEmpty();
        }
    }

    private void fail(String address) {
        assertThat(door.admit(at(address))).isEmpty();
        door.leave(at(address), Doorkeeper.End.FAILED_LOGIN);
    }

    private static InetAddress at(String address) {
        try {
            return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
