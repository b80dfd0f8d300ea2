package dev.holdfast.agent.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong clock = new AtomicLong(-5);
    private final RateLimit limit = new RateLimit(1_000_000, clock::get, clock::addAndGet);

    @Test
    void aLongTransferTakesAsLongAsItsRateSays() {
        for (int i = 0; i < 1000; i++) {
            limit.spend(10_000);
        }
        assertThat(seconds()).isBetween(9.49, 9.51); // 10 MB, half a second's worth of it at once
    }

    @Test
    void aShortExchangeIsNotSlowedDown() {
        limit.spend(400_000);
        assertThat(seconds()).isZero();
    }

    @Test
    void anIdleHourEarnsNoMoreThanHalfASecond() {
        limit.spend(500_000);
        clock.addAndGet(TimeUnit.HOURS.toNanos(1));
        long before = clock.get();
        limit.spend(1_500_000);
        assertThat((clock.get() - before) / 1e9).isBetween(0.99, 1.01);
    }

    @Test
    void aRateTooLowToWorkWithIsRefused() {
        assertThatThrownBy(() -> RateLimit.bytesPerSecond(10)).isInstanceOf(IllegalArgumentException.class);
    }

    private double seconds() {
        return (clock.get() + 5) / 1e9;
    }
}
