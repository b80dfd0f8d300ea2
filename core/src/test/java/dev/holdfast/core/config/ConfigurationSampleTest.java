package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.core.problem.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ConfigurationSampleTest {
    private static final Path FILE = Path.of("holdfast.yaml");

    @Test
    void theSampleIsAValidConfigurationThatEditorsUnderstand() {
        assertThat(ConfigurationSample.text()).startsWith("# yaml-language-server: $schema=");
        Configuration configuration = Fixtures.valid(ConfigurationSample.text());
        assertThat(configuration.mayRestore("uat", "production", "media")).isTrue();
        assertThat(configuration.rows()).isNotEmpty();
    }

    @Test
    void cutAnywhereItIsReadOrItsProblemsAreTold() {
        byte[] sample = ConfigurationSample.text().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < sample.length; length++) {
            check(Arrays.copyOf(sample, length), "cut at " + length);
        }
    }

    @Test
    void changedAtAnyByteItIsReadOrItsProblemsAreTold() {
        byte[] sample = ConfigurationSample.text().getBytes(StandardCharsets.UTF_8);
        byte[] replacements = ":-[]{}\"'#*&!|>%@`,?\\ \n\t0x\u0000".getBytes(StandardCharsets.UTF_8);
        SplittableRandom random = new SplittableRandom(20261120);
        for (int at = 0; at < sample.length; at++) {
            byte[] changed = sample.clone();
            changed[at] = random.nextInt(4) == 0
                    ? (byte) random.nextInt(256)
                    : replacements[random.nextInt(replacements.length)];
            check(changed, "byte " + at + " is " + changed[at]);
        }
    }

    private static void check(byte[] bytes, String what) {
        Reading reading = ConfigurationReader.read(FILE, bytes);
        assertThat(reading.configuration().isPresent())
                .as(what)
                .isEqualTo(reading.problems().isEmpty());
        try {
            Configuration configuration = reading.orThrow();
            configuration.rows();
        } catch (HoldfastException e) {
            assertThat(e.problem().message()).as(what).contains("holdfast.yaml:");
        }
    }
}
