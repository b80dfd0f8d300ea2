package dev.holdfast.cli.command;

import dev.holdfast.agent.schedule.AgentControl;
import dev.holdfast.core.daemon.ControlSocket;
import dev.holdfast.core.daemon.ProcessLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A resident agent in this process, as far as it can be asked; it does nothing. */
final class AgentStub implements ControlSocket.Requests, AutoCloseable {
    private final ProcessLock lock;
    private final ControlSocket control;
    private String portTrouble = "";

    /** {@code state} is the folder of its host. */
    AgentStub(Path state) throws IOException {
        Files.createDirectories(state);
        this.lock = ProcessLock.tryTake(state.resolve("agent.lock")).orElseThrow();
        this.control = ControlSocket.open(state, AgentControl.SOCKET, this);
    }

    /** Its port for monitoring cannot be had, for this reason. */
    AgentStub withoutPort(String why) {
        portTrouble = why;
        return this;
    }

    @Override
    public byte[] answer(String request) {
        String answer = switch (request) {
            case "who" -> ProcessHandle.current().pid() + "\nholdfast test\n";
            case "status-port" -> portTrouble;
            default -> "done";
        };
        return answer.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void refused(String request, String reason) {
        throw new AssertionError(request + ": " + reason);
    }

    @Override
    public void ended(String reason) {
        throw new AssertionError(reason);
    }

    @Override
    public void close() throws IOException {
        control.close();
        lock.close();
    }
}
