package dev.holdfast.system.site;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Machines as far as the network goes: a namespace each, joined by a bridge in the first, apart from the network of this computer. */
final class Namespaces {
    private final List<String> names = new ArrayList<>();

    private Namespaces() {}

    /** Makes so many; the test is not run, and says so, where that cannot be done. */
    static Namespaces make(int machines) throws Exception {
        boolean possible = Trees.isRoot()
                && Trees.hasAll("several machines", "ip", "nsenter")
                && new ProcessBuilder("ip", "netns", "list")
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
        if (!possible) {
            System.err.println("NOT TESTED: several machines, because network namespaces need root and iproute2");
        }
        assumeTrue(possible, "NOT RUN: needs root and network namespaces");
        Namespaces made = new Namespaces();
        try {
            for (int i = 0; i < machines; i++) {
                made.add(i);
            }
            return made;
        } catch (Exception | AssertionError e) {
            made.remove();
            throw e;
        }
    }

    private void add(int machine) throws Exception {
        String name = "holdfast-" + ProcessHandle.current().pid() + "-" + machine;
        ip("netns add " + name);
        names.add(name);
        ip("-n " + name + " link set lo up");
        String bridge = names.get(0);
        if (machine == 0) {
            ip("-n " + name + " link add eth0 type bridge");
        } else {
            ip("link add up" + machine + " netns " + bridge + " type veth peer name eth0 netns " + name);
            ip("-n " + bridge + " link set up" + machine + " master eth0 up");
        }
        ip("-n " + name + " link set eth0 up");
        ip("-n " + name + " addr add " + address(machine) + "/24 dev eth0");
    }

    private static void ip(String words) throws IOException, InterruptedException {
        Trees.shell(Path.of("/"), "ip " + words);
    }

    static String address(int machine) {
        return "10.77.0." + (machine + 1);
    }

    /** The words that start a program on that machine. Unlike {@code ip netns exec}, this lets it see the control groups. */
    List<String> enter(int machine) {
        return List.of("nsenter", "--net=/run/netns/" + names.get(machine));
    }

    /** Takes them away; what ran in them must have ended. */
    void remove() throws IOException, InterruptedException {
        List<String> left = new ArrayList<>(names);
        Collections.reverse(left);
        for (String name : left) {
            ip("netns del " + name);
        }
    }
}
