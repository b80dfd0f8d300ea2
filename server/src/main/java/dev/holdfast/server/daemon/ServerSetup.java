package dev.holdfast.server.daemon;

import dev.holdfast.keys.store.DirectoryKeyStore;
import dev.holdfast.keys.store.KeyStore;
import dev.holdfast.server.local.LocalAgent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;

/**
 * Who this server is and where its things lie.
 *
 * @param name its name in the configuration
 * @param configuration the configuration file, read again on reload
 * @param keyStore the folder with the public keys of all machines, as in the configuration; may be missing on this machine
 * @param installedKeys the key store that {@code configure} made, with this server's private keys
 * @param data where the repository is
 * @param state where the control socket and the log file are
 * @param environment where secrets of the configuration may be
 * @param localAgent reads the volumes that lie on this machine
 */
public record ServerSetup(
        String name,
        Path configuration,
        Path keyStore,
        Path installedKeys,
        Path data,
        Path state,
        InstantSource clock,
        SecureRandom random,
        String software,
        Map<String, String> environment,
        LocalAgent localAgent) {
    public ServerSetup {
        environment = Map.copyOf(environment);
    }

    /** The same with another agent. */
    public ServerSetup with(LocalAgent other) {
        return new ServerSetup(
                name, configuration, keyStore, installedKeys, data, state, clock, random, software, environment, other);
    }

    /** Without the environment, which may hold secrets. */
    @Override
    public String toString() {
        return "ServerSetup[name=" + name + ", configuration=" + configuration + ", data=" + data + ", state=" + state
                + "]";
    }

    /** The public keys that count: those of the store beside the configuration when it is on this machine, else the installed ones. */
    public KeyStore publicKeys() {
        return Files.isDirectory(keyStore)
                ? new DirectoryKeyStore(keyStore)
                : DirectoryKeyStore.installed(installedKeys, state);
    }
}
