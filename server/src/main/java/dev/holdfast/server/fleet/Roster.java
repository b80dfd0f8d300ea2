package dev.holdfast.server.fleet;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Who and what is to be expected here, at the moment of asking. */
@FunctionalInterface
public interface Roster {
    /** Every volume of every host that is backed up to this server, as the configuration says and the repository has it. */
    List<Expected> volumes();

    /** All hosts that may come here, also those that only restore. */
    default Set<String> hosts() {
        return volumes().stream().map(Expected::host).collect(Collectors.toUnmodifiableSet());
    }
}
