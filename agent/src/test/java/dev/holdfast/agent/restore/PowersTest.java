package dev.holdfast.agent.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PowersTest {
    private static Powers powers(String capabilities) {
        return Powers.of(List.of(
                "Name:\tjava",
                "Uid:\t1000\t1000\t1000\t1001",
                "Gid:\t100\t100\t100\t101",
                "Groups:\t27 500 ",
                "CapPrm:\tffffffffffffffff",
                "CapEff:\t" + capabilities));
    }

    @Test
    void withoutPowersOnlyWhatIsOnesOwnCanBeGiven() {
        Powers none = powers("0000000000000000");

        assertThat(none.mayGiveTo(1001, 101)).isTrue();
        assertThat(none.mayGiveTo(1001, 500)).isTrue();
        assertThat(none.mayGiveTo(1001, 100)).isFalse();
        assertThat(none.mayGiveTo(1000, 101)).isFalse();
        assertThat(none.mayMakeDevices()).isFalse();
        assertThat(none.maySetSystemAttributes()).isFalse();
    }

    @Test
    void eachPowerIsABit() {
        assertThat(powers("0000000000000001").mayGiveTo(12, 34)).isTrue();
        assertThat(powers("0000000008000000").mayMakeDevices()).isTrue();
        assertThat(powers("0000000000200000").maySetSystemAttributes()).isTrue();
        assertThat(powers("fffffffff7dffffe").mayGiveTo(12, 34)).isFalse();
        assertThat(powers("fffffffff7dffffe").mayMakeDevices()).isFalse();
        assertThat(powers("fffffffff7dffffe").maySetSystemAttributes()).isFalse();
    }

    @Test
    void whereNothingIsToldAllIsTried() {
        assertThat(Powers.of(List.of("Name:\tjava")).mayGiveTo(12, 34)).isTrue();
    }
}
