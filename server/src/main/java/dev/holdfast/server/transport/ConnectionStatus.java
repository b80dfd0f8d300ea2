package dev.holdfast.server.transport;

import java.time.Instant;

/** One host that is connected now; {@code address} is {@code 192.0.2.7:50122}, the bytes are payload. */
public record ConnectionStatus(String host, String address, Instant since, int channels, long bytesIn, long bytesOut) {}
