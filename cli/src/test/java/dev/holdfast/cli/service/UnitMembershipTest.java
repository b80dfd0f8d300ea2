package dev.holdfast.cli.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class UnitMembershipTest {
    @Test
    void aProcessOfAUnitIsInTheControlGroupOfItsName() {
        assertThat(UnitMembership.isIn(List.of("0::/system.slice/holdfast-agent.service"), Role.AGENT))
                .isTrue();
        assertThat(UnitMembership.isIn(
                        List.of("1:name=systemd:/user.slice/user@7.service/app.slice/holdfast-server.service/init"),
                        Role.SERVER))
                .isTrue();
    }

    @Test
    void whatAPersonStartedIsInTheGroupOfHisSession() {
        assertThat(UnitMembership.isIn(List.of("0::/user.slice/user-7.slice/session-3.scope"), Role.AGENT))
                .isFalse();
        assertThat(UnitMembership.isIn(List.of("0::/system.slice/holdfast-server.service"), Role.AGENT))
                .isFalse();
        assertThat(UnitMembership.mayHave(Role.AGENT, ProcessHandle.current().pid()))
                .isFalse();
    }

    @Test
    void ofAProcessThatIsGoneNothingIsSaid() {
        assertThat(UnitMembership.mayHave(Role.AGENT, 0)).isTrue();
    }
}
