package dev.holdfast.system.site;

import dev.holdfast.keys.machine.PrivateerPair;
import dev.holdfast.keys.vault.VaultStub;
import dev.holdfast.system.containers.DockerEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A fleet as privateer's users have it: the server {@code annex2}, the hosts {@code production2} and {@code uat}, each with a network, an
 * engine, a state folder and a checkout of {@code privateer.json} of its own, and a Vault with the RSA pairs of {@code privateer keygen}, which
 * is a stub. {@code production} is another
 * host of the configuration on the machine of {@code production2}. Lines are typed by a shell in a checkout, without any option that the
 * person did not type.
 */
final class Fleet {
    static final String SERVER = "annex2";
    private static final Map<String, Integer> MACHINES = Map.of(SERVER, 0, "production2", 1, "production", 1, "uat", 2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;
    private final Namespaces network;
    private final VaultStub vault;
    private final List<DockerEngine> engines = new ArrayList<>();
    private final List<String> typed = new ArrayList<>();

    private Fleet(Path folder, Namespaces network, VaultStub vault) {
        this.folder = folder;
        this.network = network;
        this.vault = vault;
    }

    static Fleet open(Path folder) throws Exception {
        Fleet fleet = new Fleet(folder, Namespaces.make(3), VaultStub.start(1));
        try {
            for (String machine : MACHINES.keySet()) {
                fleet.vault.plant(
                        "vimc/privateer/" + machine, PrivateerPair.make().fields());
            }
            for (int i = 0; i < 3; i++) {
                fleet.engines.add(DockerEngine.startUnder(fleet.network.enter(i), folder.resolve("engine" + i)));
            }
            for (String machine : MACHINES.keySet()) {
                fleet.configure(machine, fleet.configuration());
            }
            return fleet;
        } catch (Exception | Error e) {
            fleet.close();
            throw e;
        }
    }

    /** In the form that privateer takes. */
    String configuration() {
        return String.format(Locale.ROOT, """
                {
                    "servers": [
                        {
                            "name": "annex2",
                            "hostname": "%s",
                            "port": 10022,
                            "key_volume": "privateer_montagu_keys",
                            "data_volume": "privateer_montagu_data",
                            "container": "privateer_montagu_server"
                        }
                    ],
                    "clients": [
                        { "name": "production", "backup": ["montagu_orderly_volume", "montagu_outpack_volume"] },
                        {
                            "name": "production2",
                            "backup": ["montagu_orderly_volume", "montagu_outpack_volume"],
                            "schedule": {
                                "port": 8080,
                                "jobs": [
                                    { "server": "annex2", "volume": "montagu_orderly_volume", "schedule": "@daily" },
                                    { "server": "annex2", "volume": "montagu_outpack_volume", "schedule": "@weekly" }
                                ]
                            }
                        },
                        { "name": "uat" }
                    ],
                    "volumes": [
                        { "name": "montagu_orderly_volume" },
                        { "name": "montagu_outpack_volume" },
                        { "name": "barman_recover", "local": true }
                    ],
                    "vault": { "url": "%s", "prefix": "/secret/vimc/privateer" }
                }
                """, Namespaces.address(0), vault.url());
    }

    /** Replaces the configuration in one checkout. */
    void configure(String machine, String text) throws IOException {
        Files.writeString(Files.createDirectories(checkout(machine)).resolve("privateer.json"), text);
    }

    Path checkout(String machine) {
        return folder.resolve("checkout-" + machine);
    }

    Path state(String machine) {
        return folder.resolve("state-" + machine);
    }

    DockerEngine engine(String machine) {
        return engines.get(machineOf(machine));
    }

    private static int machineOf(String machine) {
        return MACHINES.getOrDefault(machine, -1);
    }

    /** What has been typed so far, with what stands for names in the runbook. */
    List<String> typed() {
        return List.copyOf(typed);
    }

    /** Types a line on a machine, and waits for its end. The Vault is in no namespace, so those who ask it are in none either. */
    Said type(String machine, String line) throws Exception {
        typed.add(line);
        boolean asksVault = line.matches("\\w+ (keygen|configure) .*");
        Map<String, String> environment = new HashMap<>();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PATH", RealSite.program().getParent() + ":" + System.getenv("PATH"));
        environment.put("HOLDFAST_STATE", state(machine).toString());
        environment.put("DOCKER_HOST", engine(machine).host());
        List<String> words = new ArrayList<>();
        if (asksVault) {
            environment.put("VAULT_TOKEN", VaultStub.ROOT);
        } else {
            words.addAll(network.enter(machineOf(machine)));
        }
        words.addAll(List.of("sh", "-c", "exec " + line));
        return Running.start(checkout(machine), environment, words).await(PATIENCE);
    }

    /** Ends agent and server, then the engines, then the network they were in. */
    void close() throws Exception {
        try {
            endPrograms();
        } finally {
            vault.close();
            network.remove();
        }
    }

    private void endPrograms() throws Exception {
        try {
            if (engines.size() == 3) {
                type("production2", "holdfast schedule stop --exit");
                type(SERVER, "holdfast server stop");
            }
        } finally {
            for (DockerEngine engine : engines) {
                engine.stop();
            }
        }
    }
}
