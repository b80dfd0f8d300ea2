package dev.holdfast.server.fleet;

import dev.holdfast.core.fleet.VolumeStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be thought of one volume.
 *
 * @param owedSince when the backup should have begun that has not come, however short a time that is ago, and also while it is coming
 */
public record Verdict(VolumeStatus status, Optional<Instant> owedSince) {}
