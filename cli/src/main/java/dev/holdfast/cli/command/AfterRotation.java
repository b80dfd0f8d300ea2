package dev.holdfast.cli.command;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Server;
import java.util.ArrayList;
import java.util.List;

/** What is to be typed after the keys of a machine were replaced: until then others refuse the new ones, or seal for the old. */
final class AfterRotation {
    private final Configuration configuration;
    private final String machine;

    AfterRotation(Configuration configuration, String machine) {
        this.configuration = configuration;
        this.machine = machine;
    }

    /** A line for each step, in order. */
    List<String> steps() {
        List<String> steps = new ArrayList<>();
        boolean server = servers().contains(machine);
        concerned(server).forEach(one -> steps.add("on " + one + ": holdfast configure " + one));
        if (server) {
            steps.add("on " + machine + ": holdfast server stop, then holdfast server start");
        } else {
            servers().forEach(one -> steps.add("on " + one + ": holdfast server reload"));
        }
        return steps;
    }

    private List<String> servers() {
        return configuration.servers().stream().map(Server::name).toList();
    }

    /** Whoever logs in at a server pins its key; with a client's keys those of realms are renewed, but a person is in none. */
    private List<String> concerned(boolean server) {
        List<String> all = configuration.machines();
        if (server) {
            return all;
        }
        boolean person = configuration.findClient(machine).isEmpty();
        List<String> servers = servers();
        return all.stream()
                .filter(one -> servers.contains(one)
                        || one.equals(machine)
                        || (!person && configuration.findClient(one).isPresent()))
                .toList();
    }
}
