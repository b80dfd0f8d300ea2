package dev.holdfast.cli.notify;

import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that started this process and wants to know how it stands; one that says nothing to nobody where there is
 * none. A message that cannot be sent costs a line in the log and no more: the manager has its own time limits.
 */
public final class ServiceManager implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceManager.class);
    /** So that one look that failed in passing does not yet end the process. */
    private static final int LOOKS_IN_TIME = 3;

    /** Where messages go. */
    interface Voice {
        void send(String message) throws IOException;
    }

    private final Optional<Voice> voice;
    private final Optional<Duration> patience;
    private final CountDownLatch closed = new CountDownLatch(1);

    ServiceManager(Optional<Voice> voice, Optional<Duration> patience) {
        this.voice = voice;
        this.patience = patience;
    }

    /** The one that the environment names. The log must have been set up. */
    public static ServiceManager of(Map<String, String> environment) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (!socket.startsWith("/") && !socket.startsWith("@")) {
            return new ServiceManager(Optional.empty(), Optional.empty());
        }
        if (!canBeToldHere()) {
            log.warn("the service manager cannot be told how this process stands: no native access on this system");
            return new ServiceManager(Optional.empty(), Optional.empty());
        }
        return new ServiceManager(
                Optional.of(message -> DatagramSocketCalls.send(socket, message)),
                patience(environment, ProcessHandle.current().pid()));
    }

    /** Whether this system has what is needed to tell one anything. */
    public static boolean canBeToldHere() {
        try {
            return DatagramSocketCalls.load();
        } catch (LinkageError e) {
            return false; // no JNA for this processor, or its library may not be loaded
        }
    }

    /** How long the manager waits for a sign of life; empty when it wants none, or wants it of another process. */
    static Optional<Duration> patience(Map<String, String> environment, long process) {
        String of = environment.getOrDefault("WATCHDOG_PID", "");
        if (!of.isEmpty() && !of.equals(Long.toString(process))) {
            return Optional.empty();
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros > 0 ? Optional.of(Duration.of(micros, ChronoUnit.MICROS)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** All is up. {@code status} is shown to people; from now on there are signs of life as long as {@code alive} says so. */
    public void ready(String status, BooleanSupplier alive) {
        send("READY=1\nSTATUS=" + status);
        if (voice.isPresent() && patience.isPresent()) {
            Thread heart = new Thread(() -> beat(alive, patience.get().dividedBy(LOOKS_IN_TIME)), "holdfast-watchdog");
            heart.setDaemon(true);
            heart.start();
        }
    }

    /** A look that never returns is as good as one that says no. */
    private void beat(BooleanSupplier alive, Duration every) {
        try {
            do {
                if (isAlive(alive)) {
                    send("WATCHDOG=1");
                } else {
                    log.warn("this process does not answer itself; the service manager will end it if that goes on");
                }
            } while (!closed.await(every.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isAlive(BooleanSupplier alive) {
        try {
            return alive.getAsBoolean();
        } catch (RuntimeException e) {
            log.warn("the look whether this process is alive failed: {}", e.toString());
            return false;
        }
    }

    /** Does it, and says before and after that it is being done. */
    public void reloading(Runnable reload) {
        // What nanoTime counts on Linux is the clock that the manager asks for.
        send("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
        try {
            reload.run();
        } finally {
            send("READY=1");
        }
    }

    /** The end has begun. */
    public void stopping() {
        send("STOPPING=1\nSTATUS=stopping");
    }

    private void send(String message) {
        if (voice.isEmpty()) {
            return;
        }
        try {
            voice.get().send(message);
        } catch (IOException e) {
            log.warn(
                    "the service manager could not be told {}: {}",
                    message.lines().findFirst().orElse(""),
                    e.getMessage());
        }
    }

    /** No more signs of life. */
    @Override
    public void close() {
        closed.countDown();
    }
}
