package dev.holdfast.agent.backup;

import dev.holdfast.agent.source.Source;
import dev.holdfast.core.config.PathFilter;

/**
 * What to back up and how.
 *
 * @param volume its name on the server
 * @param source what is read
 * @param rehash read every file, whatever its size and times say, and take nothing over from the parent: the server is asked for
 *     every object of the volume
 * @param dryRun find out what would be sent, send nothing
 * @param threads workers that compress and seal
 */
public record BackupRequest(
        String host, String volume, Source source, PathFilter filter, boolean rehash, boolean dryRun, int threads) {
    public BackupRequest {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads");
        }
    }

    BackupRequest rehashing() {
        return new BackupRequest(host, volume, source, filter, true, dryRun, threads);
    }
}
