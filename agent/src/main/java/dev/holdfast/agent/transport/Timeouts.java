package dev.holdfast.agent.transport;

import java.time.Duration;

/** How long to wait for the network ({@code connect}, for each address) and for the handshake and login after it. */
public record Timeouts(Duration connect, Duration login) {

    public Timeouts {
        if (connect.isNegative() || connect.isZero() || login.isNegative() || login.isZero()) {
            throw new IllegalArgumentException("timeouts are positive");
        }
    }

    public static Timeouts standard() {
        return new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(20));
    }
}
