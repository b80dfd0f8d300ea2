package dev.holdfast.keys.recovery;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.keys.FixedRandom;
import dev.holdfast.keys.Golden;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class RecoveryKeyTest {
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private final RecoveryKey key = RecoveryKey.generate(new FixedRandom(21));
    private final String printed = new String(key.print());
    private final String bare = printed.replaceAll("\\d+:", "").replaceAll("\\s", "");

    @Test
    void whatIsPrintedIsFrozenAndReadBack() {
        Golden.check("recovery-key.txt", printed);
        assertThat(publicKeyOf(printed)).isEqualTo(key.publicKey().base64());
        assertThat(printed.lines()).hasSize(2).allMatch(line -> line.length() < 80);
    }

    @Test
    void caseSpacesDashesNumbersAndLookAlikesDoNotMatter() {
        assertThat(publicKeyOf(bare)).isEqualTo(key.publicKey().base64());
        assertThat(publicKeyOf(bare.toLowerCase(Locale.ROOT)))
                .isEqualTo(key.publicKey().base64());
        assertThat(publicKeyOf(bare.replaceAll("(.....)", "$1-")))
                .isEqualTo(key.publicKey().base64());
        assertThat(publicKeyOf(printed.replace(":", ": ").replace("\n", "\r\n")))
                .isEqualTo(key.publicKey().base64());
        assertThat(publicKeyOf(bare.replace('0', 'o').replace('1', 'l')))
                .isEqualTo(key.publicKey().base64());
        assertThat(publicKeyOf(bare.replace('0', 'O').replace('1', 'I')))
                .isEqualTo(key.publicKey().base64());
    }

    @Test
    void everySingleMistypedCharacterIsFoundInItsGroup() {
        for (int i = 0; i < bare.length(); i++) {
            for (int letter = 0; letter < LETTERS.length(); letter++) {
                char wrong = LETTERS.charAt(letter);
                if (wrong != bare.charAt(i)) {
                    String typed = bare.substring(0, i) + wrong + bare.substring(i + 1);
                    assertThat(failure(() -> publicKeyOf(typed)))
                            .hasMessage("group " + (i / 5 + 1) + " of the recovery key is mistyped");
                }
            }
        }
    }

    @Test
    void swappedNeighboursAndSwappedGroupsAreFound() {
        for (int i = 0; i + 1 < bare.length(); i++) {
            if (bare.charAt(i) != bare.charAt(i + 1)) {
                String typed = bare.substring(0, i) + bare.charAt(i + 1) + bare.charAt(i) + bare.substring(i + 2);
                assertThat(failure(() -> publicKeyOf(typed)).reason()).isEqualTo(Reason.WRONG);
            }
        }
        String swapped = bare.substring(5, 10) + bare.substring(0, 5) + bare.substring(10);
        assertThat(failure(() -> publicKeyOf(swapped))).hasMessageContaining("group 1 ");
    }

    @Test
    void missingExtraAndForeignCharactersAreNamed() {
        String spaced = bare.replaceAll("(.....)", "$1 ");
        assertThat(failure(() -> publicKeyOf(spaced.substring(0, 13) + spaced.substring(14))))
                .hasMessage("group 3 of the recovery key has 4 characters instead of 5");
        assertThat(failure(() -> publicKeyOf(spaced.substring(6))))
                .hasMessage("recovery key has 13 groups instead of 14");
        assertThat(failure(() -> publicKeyOf(bare + "0"))).hasMessageContaining("more than 70");
        assertThat(failure(() -> publicKeyOf(spaced.substring(0, 6) + "U" + spaced.substring(7))))
                .hasMessageContaining("group 2 ");
        assertThat(failure(() -> publicKeyOf("")).reason()).isEqualTo(Reason.WRONG);
        for (int length = 0; length < bare.length(); length++) {
            String cut = bare.substring(0, length);
            assertThat(failure(() -> publicKeyOf(cut)).reason()).isEqualTo(Reason.WRONG);
        }
    }

    @Test
    void thePublicFileIsReadBackAndTheSecretIsNeverPrintedByAccident() {
        String file = RecoveryKey.publicFile(key.publicKey());
        assertThat(RecoveryKey.parsePublicFile(file)).isEqualTo(key.publicKey());
        KeyException e = failure(() -> RecoveryKey.parsePublicFile("holdfast-recovery-v2 AAAA"));
        assertThat(e.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(key.toString()).isEqualTo("RecoveryKey of " + key.publicKey());
    }

    private static String publicKeyOf(String typed) {
        try (RecoveryKey parsed = RecoveryKey.parse(typed.toCharArray())) {
            return parsed.publicKey().base64();
        }
    }
}
