package dev.holdfast.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ProgressMeterTest {
    private final SettableClock clock = new SettableClock();
    private final ProgressMeter meter = new ProgressMeter(clock);

    private void run(int seconds, long bytesPerSecond) {
        for (int second = 0; second < seconds; second++) {
            clock.advance(Duration.ofSeconds(1));
            meter.advanced(0, bytesPerSecond);
            meter.sample();
        }
    }

    @Test
    void aSteadyRunKnowsItsEnd() {
        meter.total(10, 1000);
        run(10, 10);

        assertThat(meter.bytesPerSecond()).hasValue(10.0);
        assertThat(meter.remaining()).contains(Duration.ofSeconds(90));
        assertThat(meter.fraction()).hasValue(0.1);
    }

    @Test
    void theRateForgetsWhatIsLongPast() {
        run(60, 1000);
        run(31, 10);

        assertThat(meter.bytesPerSecond()).hasValue(10.0);
        assertThat(meter.averageBytesPerSecond()).isBetween(600.0, 700.0);
    }

    @Test
    void aShortStallDoesNotMakeTheEndUnknown() {
        meter.total(1, 10_000);
        run(30, 100);
        run(10, 0);

        assertThat(meter.remaining())
                .hasValueSatisfying(left -> assertThat(left).isLessThan(Duration.ofMinutes(3)));
    }

    @Test
    void aRunThatStandsStillHasNoEndInSight() {
        meter.total(1, 10_000);
        run(5, 100);
        run(60, 0);

        assertThat(meter.remaining()).isEmpty();
    }

    @Test
    void nothingIsForetoldInTheFirstMoment() {
        meter.total(1, 10_000);
        run(1, 100);

        assertThat(meter.remaining()).isEmpty();
    }

    @Test
    void moreThanForeseenIsNeverMoreThanAll() {
        meter.total(1, 100);
        run(5, 100);

        assertThat(meter.totalBytes()).isEqualTo(500);
        assertThat(meter.fraction()).hasValue(0.999);
        assertThat(meter.remaining()).as("nobody knows").isEmpty();

        meter.end();

        assertThat(meter.fraction()).hasValue(1.0);
        assertThat(meter.remaining()).contains(Duration.ZERO);
    }

    @Test
    void nothingIsForetoldWhileTheTotalIsStillBeingCounted() {
        meter.atLeast(1, 10_000);
        run(10, 100);

        assertThat(meter.fraction()).isEmpty();
        assertThat(meter.remaining()).isEmpty();
        assertThat(meter.totalBytes()).isEqualTo(10_000);

        meter.total(2, 20_000);

        assertThat(meter.fraction()).hasValue(0.05);
        assertThat(meter.remaining()).contains(Duration.ofSeconds(190));
    }

    @Test
    void whatIsDoneBelongsToTheTotalEvenIfItWasNotCountedYet() {
        meter.atLeast(1, 50);
        run(10, 100);

        assertThat(meter.totalBytes()).isEqualTo(1000);
    }

    @Test
    void aClockThatStandsStillGivesNoRate() {
        meter.advanced(1, 100);
        meter.sample();

        assertThat(meter.bytesPerSecond()).isEmpty();
        assertThat(meter.averageBytesPerSecond()).isZero();
    }
}
