package dev.holdfast.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.launch.ProgramRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invitations as the commands show them, and what {@code configure --join} refuses before it calls anybody. */
final class InvitingTest {
    private static final Pattern COMMAND =
            Pattern.compile("holdfast configure alice --join ([0-9A-Z-]+)@127\\.0\\.0\\.1:\\d+");

    @TempDir
    Path folder;

    private SetupSite site;

    @BeforeEach
    void keys() throws IOException {
        site = new SetupSite(folder);
        site.run("keygen", "attic");
        site.run("configure", "attic", "--no-identity");
        site.run("keygen", "bob");
    }

    private ProgramRun invite(String... words) {
        String[] all = new String[words.length + 4];
        all[0] = "--as";
        all[1] = "attic";
        all[2] = "server";
        all[3] = "invite";
        System.arraycopy(words, 0, all, 4, words.length);
        return site.run(all);
    }

    private String code() {
        ProgramRun run = invite("alice");
        assertThat(run.err()).doesNotContain("error");
        Matcher command = COMMAND.matcher(run.out());
        assertThat(command.find()).as(run.out()).isTrue();
        return command.group(1);
    }

    private ProgramRun join(String address) {
        return site.run("configure", "alice", "--no-identity", "--join", address);
    }

    @Test
    void anInvitationIsShownAsGroupsAndAsACommandAndListedUntilItIsTakenBack() {
        ProgramRun run = invite("alice", "--expires", "2h");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("invitation for 'alice', good once, until 2026-11-20 14:00:00 ")
                .containsPattern(" 1:[0-9A-Z]{5} ")
                .containsPattern("14:[0-9A-Z]{5} ")
                .containsPattern(COMMAND);
        assertThat(run.err()).contains("holdfast server invite --revoke alice");
        assertThat(invite("--list").out()).containsPattern("alice +open ");
        assertThat(invite("--list", "--json").out())
                .contains("\"machine\":\"alice\",\"state\":\"open\"", "\"expires\":\"2026-11-20T14:00:00Z\"");

        assertThat(invite("--revoke", "alice").out()).isEqualTo("the invitation for 'alice' is withdrawn\n");
        assertThat(invite("--revoke", "alice").exitCode()).isEqualTo(10);
        assertThat(invite("--list").out()).containsPattern("alice +withdrawn ");
    }

    @Test
    void nothingThatIsKeptHoldsTheCode() throws IOException {
        String code = code();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(code.substring(0, 11));
            }
        }
    }

    @Test
    void onlyClientsWithoutKeysAreInvitedUnlessTheirKeysAreToBeReplaced() {
        assertThat(invite("bob").exitCode()).isEqualTo(1);
        assertThat(invite("bob").err()).contains("client 'bob' has keys already", "--replace", "keygen --rotate bob");
        assertThat(invite("bob", "--replace").exitCode()).isZero();
        assertThat(invite("attic").exitCode()).isEqualTo(10);
        assertThat(invite("alicia").err()).contains("alice");
    }

    @Test
    void anInvitationBringsTheKeyOfLocalVolumesOrSaysWhyNot() throws IOException {
        Path file = folder.resolve("holdfast.yaml");
        Files.writeString(
                file,
                Files.readString(file)
                                .replace("alice, backup: [photos]", "alice, backup: [photos], restore: [annex/dumps]")
                                .replace(
                                        "clients:",
                                        "  - {name: annex, hostname: annex.example, port: 1, data: other}\nclients:")
                        + "  - {name: dumps, path: photos, local: true}\n");
        assertThat(invite("alice").err())
                .contains(
                        "will not get the key of realm 'local-annex'",
                        "`holdfast keygen --all` makes it",
                        "run `holdfast configure annex` and `holdfast server reload`, then `holdfast configure alice`");

        site.run("keygen", "annex");
        ProgramRun whole = invite("alice");
        assertThat(whole.exitCode()).isZero();
        assertThat(whole.err()).doesNotContain("local-annex");

        Files.delete(folder.resolve("keys/machines/annex/seal"));
        assertThat(invite("alice").err())
                .contains("will not get the key of realm 'local-annex'", "nothing on this machine opens it");
    }

    @Test
    void whatMakesNoSenseIsAUsageError() {
        assertThat(invite().exitCode()).isEqualTo(2);
        assertThat(invite("alice", "--list").exitCode()).isEqualTo(2);
        for (String time : new String[] {"soon", "0h", "31d", "9999999d", "-1h"}) {
            assertThat(invite("alice", "--expires", time).err()).as(time).contains("--expires");
            assertThat(invite("alice", "--expires", time).exitCode()).as(time).isEqualTo(2);
        }
        assertThat(invite("--list").out()).isEqualTo("no invitations\n");
        String code = code();
        assertThat(join(code).err()).contains("--join CODE@HOST:PORT");
        assertThat(join(code + "@elsewhere.example").err()).contains("no server of the configuration is at");
        assertThat(join(code + "@127.0.0.1:99999").exitCode()).isEqualTo(2);
        assertThat(join("@127.0.0.1:1").err()).contains("no code was given");
        assertThat(site.run("configure", "attic", "--join", code + "@127.0.0.1:1")
                        .exitCode())
                .isEqualTo(2);
        assertThat(site.run("configure", "alice", "--bundle", "b", "--join", code + "@127.0.0.1:1")
                        .exitCode())
                .isEqualTo(2);
        assertThat(site.state("alice")).doesNotExist();
    }

    @Test
    void aSlipIsFoundBeforeAnybodyIsCalled() {
        String code = code();
        String mistyped = (code.charAt(0) == 'A' ? 'B' : 'A') + code.substring(1);
        ProgramRun run = join(mistyped + "@127.0.0.1:1");
        assertThat(run.exitCode()).isEqualTo(12);
        assertThat(run.err()).contains("group 1 of the code is mistyped").doesNotContain(mistyped);
        assertThat(site.state("alice")).doesNotExist();
    }

    @Test
    void theKeysOfAnAttemptThatReachedNobodyAreThoseOfTheNext() throws IOException {
        String code = code();
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        assertThat(join(code + "@127.0.0.1:" + nobody).exitCode()).isEqualTo(13);
        Path kept = site.state("alice/joining/machines/alice/ssh");
        String first = Files.readString(kept);
        assertThat(SetupSite.mode(kept)).isEqualTo("rw-------");
        assertThat(site.program()
                        .answering(code.toLowerCase(Locale.ROOT))
                        .run("configure", "alice", "--join", "@127.0.0.1:" + nobody)
                        .exitCode())
                .isEqualTo(13);
        assertThat(kept).hasContent(first);
        assertThat(site.state("alice/keys")).doesNotExist();
    }
}
