package dev.holdfast.agent.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong clock = new AtomicLong(-5);
    private OptionalLong budget = OptionalLong.of(1_000_000);
    private final RateLimit limit = new RateLimit(() -> budget, clock::get, clock::addAndGet);

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
    void anotherHourIsAnotherRate() {
        limit.spend(500_000);
        budget = OptionalLong.of(10_000_000);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        long fast = clock.get();
        for (int i = 0; i < 100; i++) {
            limit.spend(200_000);
        }
        assertThat((clock.get() - fast) / 1e9).isBetween(1.4, 2.0);

        budget = OptionalLong.empty();
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        long unlimited = clock.get();
        limit.spend(Integer.MAX_VALUE);
        limit.spend(Integer.MAX_VALUE);
        assertThat(clock.get()).isEqualTo(unlimited);

        budget = OptionalLong.of(1_000_000);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        long slow = clock.get();
        limit.spend(1_500_000);
        limit.spend(1_500_000);
        assertThat((clock.get() - slow) / 1e9)
                .as("what was unlimited is no debt")
                .isBetween(2.0, 3.01);
    }

    @Test
    void aRateTooLowToWorkWithIsRaised() {
        budget = OptionalLong.of(10);
        clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
        limit.spend(1);
        long before = clock.get();
        limit.spend(1024 + 512);
        assertThat((clock.get() - before) / 1e9).isBetween(1.0, 1.51);
    }

    private double seconds() {
        return (clock.get() + 5) / 1e9;
    }
}
