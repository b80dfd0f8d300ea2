package dev.holdfast.core.planted;

import com.sun.jna.Pointer;
import dev.holdfast.core.elsewhere.Neighbour;
import dev.holdfast.server.planted.Intruder;
import java.io.ObjectInputStream;
import java.sql.Connection;
import java.util.Optional;
import org.apache.sshd.client.SshClient;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.slf4j.Logger;
import org.snakeyaml.engine.v2.api.LoadSettings;
import picocli.CommandLine;

/** Does in {@code core} everything that only others may do. */
public final class Trespasser {
    public Optional<Intruder> upward() {
        return Optional.empty();
    }

    public Optional<Neighbour> cycle() {
        return Optional.empty();
    }

    public void commandLine(CommandLine line) {
        line.getCommandName();
    }

    public void cryptography(SHA256Digest digest) {
        digest.reset();
    }

    public void ssh(SshClient client) {
        client.isStarted();
    }

    public void database(Connection connection) throws java.sql.SQLException {
        connection.isClosed();
    }

    public void nativeCode(Pointer pointer) {
        pointer.getByte(0);
    }

    public void yaml(LoadSettings settings) {
        settings.getLabel();
    }

    public void log(Logger logger) {
        logger.info("planted");
    }

    public void print() {
        System.out.flush();
    }

    public void leave() {
        System.exit(0);
    }

    public void deserialize(ObjectInputStream in) throws java.io.IOException {
        in.close();
    }
}
