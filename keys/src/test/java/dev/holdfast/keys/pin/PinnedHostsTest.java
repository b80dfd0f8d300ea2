package dev.holdfast.keys.pin;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import org.junit.jupiter.api.Test;

final class PinnedHostsTest {
    private final FixedRandom random = new FixedRandom(2);
    private final SshPublicKey vault =
            MachineKeys.generate("vault", random).publicKeys().ssh();
    private final SshPublicKey other =
            MachineKeys.generate("other", random).publicKeys().ssh();
    private final PinnedHosts pinned = PinnedHosts.none().with("vault", vault).with("attic", other);

    @Test
    void thePinnedKeyIsAcceptedAndAnyOtherRefused() {
        PinnedHosts read = PinnedHosts.parse(pinned.encode());
        read.require("vault", vault);
        assertThat(read.find("attic")).contains(other);
        assertThat(failure(() -> read.require("vault", other)).reason()).isEqualTo(Reason.WRONG);
        assertThat(failure(() -> read.require("cellar", vault)).reason()).isEqualTo(Reason.MISSING);
    }

    @Test
    void aPinIsNeverReplacedInPassing() {
        assertThat(pinned.with("vault", vault).encode()).isEqualTo(pinned.encode());
        assertThat(failure(() -> pinned.with("vault", other)).reason()).isEqualTo(Reason.EXISTS);
        assertThat(pinned.without("vault").with("vault", other).find("vault")).contains(other);
    }

    @Test
    void linesThatAreNoPinsAreRefusedWithTheirNumber() {
        assertThat(failure(() -> PinnedHosts.parse("# x\nvault ssh-rsa AAAA\n")).reason())
                .isEqualTo(Reason.MALFORMED);
        assertThat(failure(() -> PinnedHosts.parse("# x\nvault\n"))).hasMessageContaining("line 2");
        String twice = "vault " + vault.line("").strip() + "\n";
        assertThat(failure(() -> PinnedHosts.parse(twice + twice)).reason()).isEqualTo(Reason.MALFORMED);
    }
}
