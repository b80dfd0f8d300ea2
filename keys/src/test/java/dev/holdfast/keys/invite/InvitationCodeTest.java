package dev.holdfast.keys.invite;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.Golden;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.recovery.RecoveryKey;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class InvitationCodeTest {
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private final SshPublicKey hostKey = hostKey(61);
    private final InvitationCode code = InvitationCode.generate(hostKey, new FixedRandom(62));
    private final String line = new String(code.line());

    private static SshPublicKey hostKey(long seed) {
        return MachineKeys.generate("attic", new FixedRandom(seed)).publicKeys().ssh();
    }

    private static SshPublicKey loginOf(String typed) {
        return InvitationCode.parse(typed.toCharArray()).loginKey();
    }

    @Test
    void theCodeAndTheKeysThatComeFromItAreFrozen() {
        Golden.check(
                "invitation-code.txt",
                new String(code.print()) + line + "\nlogin " + code.loginKey().base64() + "\nsealing "
                        + code.sealing().publicKey() + "\n");
    }

    @Test
    void whatIsReadOutOrCopiedIsReadBack() {
        assertThat(line).matches("([0-9A-Z]{5}-){13}[0-9A-Z]{5}");
        assertThat(loginOf(line)).isEqualTo(code.loginKey());
        assertThat(loginOf(line.toLowerCase(Locale.ROOT).replace('-', ' '))).isEqualTo(code.loginKey());
        assertThat(loginOf(new String(code.print()))).isEqualTo(code.loginKey());
        assertThat(InvitationCode.parse(line.toCharArray()).sealing().publicKey())
                .isEqualTo(code.sealing().publicKey());
    }

    @Test
    void everyMistypedCharacterIsFoundInItsGroup() {
        for (int at = 0; at < line.length(); at++) {
            for (int letter = 0; letter < LETTERS.length(); letter++) {
                char wrong = LETTERS.charAt(letter);
                if (line.charAt(at) != '-' && wrong != line.charAt(at)) {
                    String typed = line.substring(0, at) + wrong + line.substring(at + 1);
                    assertThat(failure(() -> loginOf(typed)))
                            .hasMessage("group " + (at / 6 + 1) + " of the code is mistyped");
                }
            }
        }
        assertThat(failure(() -> loginOf(line.substring(6)))).hasMessage("code has 13 groups instead of 14");
    }

    @Test
    void aRecoveryKeyIsNoCodeAndACodeIsNoRecoveryKey() {
        try (RecoveryKey recovery = RecoveryKey.generate(new FixedRandom(63))) {
            assertThat(failure(() -> loginOf(new String(recovery.print()))))
                    .hasMessage("group 1 of the code is mistyped");
        }
        assertThat(failure(() -> RecoveryKey.parse(line.toCharArray())).reason())
                .isEqualTo(Reason.WRONG);
    }

    @Test
    void itKnowsItsServerAndNoOther() {
        assertThat(code.isOf(hostKey)).isTrue();
        assertThat(code.isOf(hostKey(64))).isFalse();
        assertThat(code).hasToString("InvitationCode");
    }

    @Test
    void theSameSeedForAnotherServerGivesOtherKeys() {
        InvitationCode other = InvitationCode.generate(hostKey(64), new FixedRandom(62));
        assertThat(new String(other.line()).substring(0, 20)).isEqualTo(line.substring(0, 20));
        assertThat(other.loginKey()).isNotEqualTo(code.loginKey());
        assertThat(other.sealing().publicKey()).isNotEqualTo(code.sealing().publicKey());
    }
}
