package dev.holdfast.server.transport;

import dev.holdfast.core.transport.FlowLimits;
import java.time.Duration;

/**
 * What strangers and hosts may use up.
 *
 * @param strangers connections that have not logged in yet, together
 * @param strangersPerAddress the same from one address
 * @param keyAttempts keys that one connection may try
 * @param loginTimeout from accepting the connection to being logged in
 * @param sessionsPerHost connections of one host
 * @param channelsPerSession channels on one connection
 */
public record EndpointLimits(
        int strangers,
        int strangersPerAddress,
        int keyAttempts,
        Duration loginTimeout,
        int sessionsPerHost,
        int channelsPerSession,
        FlowLimits flow) {

    public EndpointLimits {
        if (strangers < 1
                || strangersPerAddress < 1
                || keyAttempts < 1
                || sessionsPerHost < 1
                || channelsPerSession < 1) {
            throw new IllegalArgumentException("a limit below one would admit nobody");
        }
        if (loginTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("login timeout " + loginTimeout + " is below a second");
        }
    }

    public static EndpointLimits standard() {
        return new EndpointLimits(64, 8, 3, Duration.ofSeconds(15), 8, 8, FlowLimits.standard());
    }

    public EndpointLimits withFlow(FlowLimits other) {
        return new EndpointLimits(
                strangers, strangersPerAddress, keyAttempts, loginTimeout, sessionsPerHost, channelsPerSession, other);
    }

    public EndpointLimits withStrangers(int together, int perAddress) {
        return new EndpointLimits(
                together, perAddress, keyAttempts, loginTimeout, sessionsPerHost, channelsPerSession, flow);
    }

    public EndpointLimits withLoginTimeout(Duration timeout) {
        return new EndpointLimits(
                strangers, strangersPerAddress, keyAttempts, timeout, sessionsPerHost, channelsPerSession, flow);
    }
}
