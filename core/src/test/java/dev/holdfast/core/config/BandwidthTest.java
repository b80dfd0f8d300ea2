package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalTime;
import org.junit.jupiter.api.Test;

final class BandwidthTest {
    private static Bandwidth of(String written) {
        return Fixtures.valid(Fixtures.MINIMAL + "limits: { bandwidth: " + written + " }\n")
                .limits()
                .bandwidth()
                .orElseThrow();
    }

    private static String problem(String written) {
        return Fixtures.read(Fixtures.MINIMAL + "limits: { bandwidth: " + written + " }\n")
                .problems()
                .toString();
    }

    @Test
    void oneRateCountsAllDay() {
        assertThat(of("2KiB/s").at(LocalTime.NOON)).hasValue(2048);
        assertThat(of("2KiB/s")).hasToString("2KiB/s");
    }

    @Test
    void theFirstHoursThatATimeLiesInDecide() {
        Bandwidth bandwidth =
                of("{ '12:00-13:00': unlimited, '8:00-18:00': 1KiB/s, '22:00-06:00': 9KiB/s, otherwise: 4KiB/s }");

        assertThat(bandwidth.at(LocalTime.of(12, 30))).isEmpty();
        assertThat(bandwidth.at(LocalTime.of(8, 0))).hasValue(1024);
        assertThat(bandwidth.at(LocalTime.of(18, 0))).hasValue(4096);
        assertThat(bandwidth.at(LocalTime.of(2, 0))).hasValue(9 * 1024);
        assertThat(bandwidth)
                .hasToString("12:00-13:00 unlimited, 08:00-18:00 1KiB/s, 22:00-06:00 9KiB/s, otherwise 4KiB/s");
    }

    @Test
    void withoutAnotherwiseThereIsNoLimitInTheOtherHours() {
        assertThat(of("{ '08:00-18:00': 1KiB/s }").at(LocalTime.MIDNIGHT)).isEmpty();
    }

    @Test
    void slipsAreTold() {
        assertThat(problem("{ '08:00-08:00': 1KiB/s }")).contains("hours such as '22:00-06:00'");
        assertThat(problem("{ elsewhen: 1KiB/s }")).contains("hours such as '22:00-06:00'");
        assertThat(problem("{ otherwise: fast }")).contains("bytes per second such as 20MiB/s");
        assertThat(problem("{ otherwise: 1KiB/s, otherwise: 2KiB/s }")).contains("duplicate key 'otherwise'");
    }
}
