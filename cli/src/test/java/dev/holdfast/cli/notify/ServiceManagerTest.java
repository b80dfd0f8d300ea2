package dev.holdfast.cli.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ServiceManagerTest {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private ServiceManager manager(Duration patience) {
        return new ServiceManager(Optional.of(heard::add), Optional.of(patience));
    }

    @Test
    void signsOfLifeEndWhenALookDoesNotReturn() throws Exception {
        CountDownLatch looked = new CountDownLatch(3);
        try (ServiceManager manager = manager(Duration.ofMillis(3))) {
            manager.ready("up", () -> {
                looked.countDown();
                if (looked.getCount() == 0) {
                    blockForEver();
                }
                return true;
            });
            looked.await();
            assertThat(heard.take()).isEqualTo("READY=1\nSTATUS=up");
            assertThat(heard.take()).isEqualTo("WATCHDOG=1");
            assertThat(heard.take()).isEqualTo("WATCHDOG=1");
            assertThat(heard.poll(50, TimeUnit.MILLISECONDS)).isNull();
        }
    }

    private static void blockForEver() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aLookThatFailsIsNoSignOfLifeAndTheNextMayBe() throws Exception {
        CountDownLatch looks = new CountDownLatch(3);
        try (ServiceManager manager = manager(Duration.ofMillis(3))) {
            manager.ready("up", () -> {
                looks.countDown();
                if (looks.getCount() == 2) {
                    throw new IllegalStateException("no answer");
                }
                return looks.getCount() == 0;
            });
            assertThat(heard.take()).startsWith("READY=1");
            assertThat(heard.take()).isEqualTo("WATCHDOG=1");
            assertThat(looks.getCount()).isZero();
        }
    }

    @Test
    void aReloadIsSaidBeforeAndAfter() {
        try (ServiceManager manager = manager(Duration.ofDays(1))) {
            manager.reloading(() -> heard.add("reloads"));
            manager.stopping();
        }
        assertThat(heard.poll()).matches("RELOADING=1\nMONOTONIC_USEC=\\d+");
        assertThat(heard).containsExactly("reloads", "READY=1", "STOPPING=1\nSTATUS=stopping");
    }

    @Test
    void withoutAManagerNothingIsSaidAndOneThatCannotBeReachedIsNoFailure() {
        try (ServiceManager nobody = ServiceManager.of(Map.of());
                ServiceManager unreachable = ServiceManager.of(Map.of("NOTIFY_SOCKET", "/nonexistent/notify"));
                ServiceManager strange = ServiceManager.of(Map.of("NOTIFY_SOCKET", "vsock:2:1"))) {
            for (ServiceManager manager : new ServiceManager[] {nobody, unreachable, strange}) {
                manager.ready("up", () -> true);
                manager.stopping();
            }
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void signsOfLifeAreForTheProcessThatIsAskedForThem() {
        assertThat(ServiceManager.patience(Map.of("WATCHDOG_USEC", "3000000"), 7))
                .contains(Duration.ofSeconds(3));
        assertThat(ServiceManager.patience(Map.of("WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "7"), 7))
                .contains(Duration.ofSeconds(3));
        assertThat(ServiceManager.patience(Map.of("WATCHDOG_USEC", "3000000", "WATCHDOG_PID", "8"), 7))
                .isEmpty();
        assertThat(ServiceManager.patience(Map.of(), 7)).isEmpty();
        assertThat(ServiceManager.patience(Map.of("WATCHDOG_USEC", "soon"), 7)).isEmpty();
    }
}
