package dev.holdfast.server.notify;

import dev.holdfast.core.config.Channel;
import dev.holdfast.core.config.Client;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tries channels at once, from whatever process asks for it: nothing waits and nothing is remembered. */
public final class Trial {
    private final Configuration configuration;
    private final String server;
    private final Map<String, String> environment;
    private final InstantSource clock;
    private final ZoneId zone;

    /**
     * @param environment where secrets may be
     * @param zone of times, where the configuration names none
     */
    public Trial(
            Configuration configuration,
            String server,
            Map<String, String> environment,
            InstantSource clock,
            ZoneId zone) {
        this.configuration = configuration;
        this.server = server;
        this.environment = environment;
        this.clock = clock;
        this.zone = zone;
    }

    /** The channels that a server uses. */
    public static List<Channel> channels(Configuration configuration, String server) {
        return configuration.channels().stream()
                .filter(channel -> channel.reach().isOf(server))
                .toList();
    }

    /** Sends a marked test; what went wrong, or nothing. */
    public Optional<Problem> send(Channel channel) {
        Wording wording = new Wording(server, configuration.timeZone().orElse(zone), clock.instant());
        try {
            Senders.of(channel, environment, HttpPost.PATIENCE).send(test(wording, channel));
            return Optional.empty();
        } catch (Undelivered e) {
            return Optional.of(e.problem());
        } catch (HoldfastException e) {
            return Optional.of(e.problem());
        }
    }

    /** As if it were about the first volume that the channel is about, whose name may be part of the address. */
    private Notice test(Wording wording, Channel channel) {
        for (Client client : configuration.clients()) {
            for (String volume : client.backup()) {
                if (channel.reach().covers(client.name(), volume)) {
                    return wording.test(client.name(), volume);
                }
            }
        }
        return wording.test("", "");
    }

    /** How many notices wait for each channel of the server with this state folder. */
    public static Map<Channel, Integer> waiting(Path state, List<Channel> channels) throws IOException {
        Map<Channel, Integer> waiting = new HashMap<>();
        for (Map.Entry<Channel, Path> one :
                Notifications.outboxes(state, channels).entrySet()) {
            waiting.put(one.getKey(), Outbox.count(one.getValue()));
        }
        return waiting;
    }
}
