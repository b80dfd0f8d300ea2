package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Cancellation;
import dev.holdfast.cli.daemon.Signals;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Ctrl-C and {@code kill}. The JVM answers these signals by running its shutdown hooks and then ending with 130 or 143; the hook
 * here asks the command to stop and gives it a while to leave everything in order. When the command ends by itself the hook finds
 * nothing to do.
 */
final class Interruption {
    /** As long as a service manager usually waits before it kills, less a little. */
    private static final long GRACE_SECONDS = 80;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Cancellation cancellation;

    private Interruption(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    /** @param exit ends the process */
    static Interruption watch(Cancellation cancellation, IntConsumer exit) {
        Interruption interruption = new Interruption(cancellation);
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::signalled, "interruption"));
        cancellation.onFirstAction(() -> Signals.on("TERM", () -> {
            cancellation.byTermination();
            exit.accept(cancellation.exitCode());
        }));
        return interruption;
    }

    /** Must be called before the process ends in the ordinary way. */
    void commandEnded() {
        ended.countDown();
    }

    private void signalled() {
        if (ended.getCount() == 0 || !cancellation.request()) {
            return;
        }
        try {
            if (!ended.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(cancellation.exitCode());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
