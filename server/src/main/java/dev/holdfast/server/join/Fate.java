package dev.holdfast.server.join;

import dev.holdfast.keys.machine.MachinePublicKeys;
import java.time.Instant;

/** What became of an invitation. That its time is over is not written down: a clock tells. */
public sealed interface Fate {
    /** Nobody has used it. */
    record Open() implements Fate {}

    /** Taken back before anybody used it. */
    record Withdrawn(Instant at) implements Fate {}

    /** Used, once, by a host with these keys. */
    record Joined(Instant at, MachinePublicKeys keys) implements Fate {}
}
