package dev.holdfast.agent.schedule;

import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;

/**
 * Which host this is and where its things lie.
 *
 * @param name in the configuration
 * @param configuration the file, read again when it changes
 * @param keys the installed keys, at whose change the configuration is read again too
 * @param state the folder with lock, control socket and the memory of the schedule
 * @param zone of the system, for a configuration that names none
 * @param software this program and its version
 */
public record AgentSetup(
        String name,
        Path configuration,
        Path keys,
        Path state,
        ZoneId zone,
        InstantSource clock,
        Waiting waiting,
        String software) {
    private static final String BOOK = "schedule.json";

    /** The memory of the schedule in a state folder. */
    public static Path book(Path state) {
        return state.resolve(BOOK);
    }
}
