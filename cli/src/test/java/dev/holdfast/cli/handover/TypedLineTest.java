package dev.holdfast.cli.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.terminal.Terminal;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TypedLineTest {
    private static final String OWN =
            "Name:\tjava\nUmask:\t0022\nUid:\t1000\t1000\t1000\t1000\nGid:\t100\t100\t100\t100\n"
                    + "Groups:\t100 998 \nCapEff:\t0000000000000000\nMounts:mnt:[4026531841]";

    private static TypedLine line(String rights, String... words) {
        return new TypedLine(
                "20261121",
                rights,
                new Terminal.Shape(true, false, true, 132, true),
                "/home/ann",
                Map.of("TZ", "Europe/Berlin", "EMPTY", ""),
                List.of(words));
    }

    private static Rights rights(String text) {
        return Rights.of(line(text));
    }

    @Test
    void wordsThatAreNoUtf8ComeOverAsTheyWere() throws IOException {
        TypedLine line = line(OWN, "backup", "caf\u00e9 \ud83d\ude00", "\udce9 alone", "");

        assertThat(TypedLine.decode(line.encode())).isEqualTo(line);
    }

    @Test
    void whatIsCutOffOrTooLongIsNoLine() throws IOException {
        byte[] whole = line(OWN, "backup", "documents").encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> TypedLine.decode(part)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> line(OWN, "x".repeat(70_000)).encode()).isInstanceOf(IOException.class);
        String[] many = new String[40];
        Arrays.fill(many, "x".repeat(60_000));
        assertThatThrownBy(() -> line(OWN, many).encode()).isInstanceOf(IOException.class);
    }

    @Test
    void noSecretOfTheEnvironmentIsShown() {
        assertThat(line(OWN, "backup").toString()).doesNotContain("Berlin");
    }

    @Test
    void whoHasOtherRightsIsNotTheSame() {
        assertThat(rights(OWN).difference(rights(OWN))).isEmpty();
        assertThat(rights(OWN).difference(rights(OWN.replace("Name:\tjava", "Name:\tsh"))))
                .isEmpty();
        assertThat(rights(OWN).difference(rights(OWN.replace("Uid:\t1000", "Uid:\t1001"))))
                .isPresent();
        assertThat(rights(OWN).difference(rights(OWN.replace("100 998", "100"))))
                .isPresent();
        assertThat(rights(OWN).difference(rights(OWN.replace("4026531841", "4026532000"))))
                .contains("it does not see the same file systems");
        assertThat(rights(OWN).sameMask(rights(OWN))).isTrue();
        assertThat(rights(OWN).sameMask(rights(OWN.replace("0022", "0077")))).isFalse();
    }

    @Test
    void anAgentWithMoreCapabilitiesThanTheShellDoesNothingForIt() {
        String root = OWN.replace("1000", "0");
        String few = root.replace("0000000000000000", "0000000000000004");
        String many = root.replace("0000000000000000", "000001ffffffffff");
        assertThat(rights(few).difference(rights(many))).isEmpty();
        assertThat(rights(many).difference(rights(few))).contains("it has capabilities that this process has not");

        String helped = OWN.replace("0000000000000000", "0000000000000004");
        assertThat(rights(helped).difference(rights(helped))).contains("it has capabilities that its user has not");
    }
}
