package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that share no key store with anybody, and join by a code alone. */
@Timeout(600)
final class JoiningTest {
    private static final int DENIED_OR_KEY = 12;
    private static final int FAILED = 1;
    private static final int UNREACHABLE = 13;

    private static final Pattern CHECK_CODE = Pattern.compile("check code ([0-9A-Z-]{19})");

    @TempDir
    Path folder;

    private RealSite site;

    @BeforeEach
    void openSite() throws Exception {
        site = RealSite.openAlone(folder);
        Trees.shell(folder, "mkdir -p alice/documents alice/pictures bob/papers bob/documents");
        Trees.shell(site.documents(), "echo text > text; head -c 3M /dev/urandom > data");
    }

    @AfterEach
    void closeSite() throws Exception {
        site.close();
    }

    private String invite(String host, String... more) throws Exception {
        List<String> words = Stream.concat(Stream.of("server", "invite", host, "--json"), Stream.of(more))
                .toList();
        Said.Fields made =
                site.run(RealSite.SERVER, words.toArray(String[]::new)).well().summary();
        assertThat(made.text("address")).isEqualTo("127.0.0.1:" + site.line().port());
        return made.text("code");
    }

    private Said join(String host, String code) throws Exception {
        return startJoin(host, code).await();
    }

    private Running startJoin(String host, String code) throws IOException {
        return site.start(
                host,
                "configure",
                host,
                "--no-identity",
                "--join",
                code + "@127.0.0.1:" + site.line().port());
    }

    private String stateOf(String host) throws Exception {
        return site.run(RealSite.SERVER, "server", "invite", "--list", "--json")
                .well()
                .out()
                .lines()
                .filter(line -> line.contains("\"machine\":\"" + host + "\""))
                .reduce("", (first, second) -> second);
    }

    private void assertHasNoKeys(String host) {
        assertThat(site.state(host).resolve(host).resolve("keys")).doesNotExist();
    }

    @Test
    void twoHostsJoinOneBacksUpAndTheOtherRestoresAlsoAfterTheServerWasStartedAgain() throws Exception {
        join("alice", invite("alice")).well();
        site.run("alice", "check", "--connection").well();
        site.backUp("alice", "documents").well();
        join("bob", invite("bob")).well();
        site.assertDocumentsComeBack();

        site.killServer();
        site.startServer();
        site.run(RealSite.SERVER, "server", "reload").well();
        site.assertDocumentsComeBack();
        assertThat(stateOf("alice")).contains("\"state\":\"joined\"");
        assertThat(site.state("alice").resolve("alice/joining")).doesNotExist();
        // The line of an OpenSSH key file that holds the secret.
        Trees.shell(
                folder,
                "! grep -rF \"$(sed -n 5p state-alice/alice/keys/machines/alice/ssh)\" state-vault server-data keys");
    }

    @Test
    void keygenTakesTheKeysOfAHostThatJoinedIntoTheStoreAndARotationShutsItOut() throws Exception {
        join("alice", invite("alice")).well();
        site.backUp("alice", "documents").well();
        assertThat(site.run(RealSite.SERVER, "check").well().everything()).contains("holdfast keygen alice");

        assertThat(site.run(RealSite.SERVER, "keygen", "alice", "--json").well().out())
                .contains("\"action\":\"adopted\"", "for machine 'alice'");
        assertThat(site.keyStore().resolve("machines/alice/ssh")).doesNotExist();
        assertThat(site.run(RealSite.SERVER, "check").well().everything()).doesNotContain("holdfast keygen alice");
        site.backUp("alice", "documents").well();

        site.run(RealSite.SERVER, "keygen", "--rotate", "alice").well();
        site.run(RealSite.SERVER, "server", "reload").well();
        assertThat(site.backUp("alice", "documents").ending(DENIED_OR_KEY).everything())
                .contains("HF-DENIED");
    }

    @Test
    void aCodeWorksOnceAndWhoeverComesLaterIsToldAndChangesNothing() throws Exception {
        String code = invite("alice");
        join("alice", code).well();
        Trees.shell(folder, "mv state-alice state-first");

        assertThat(join("alice", code).ending(DENIED_OR_KEY).everything())
                .contains("was used on", "holdfast server invite alice --replace");
        assertHasNoKeys("alice");

        Said refused = site.run(RealSite.SERVER, "server", "invite", "alice").ending(FAILED);
        assertThat(refused.everything()).contains("has keys already: it joined by an invitation", "--replace");
        join("alice", invite("alice", "--replace")).well();
        site.backUp("alice", "documents").well();
        Trees.shell(folder, "mv state-alice state-second; mv state-first state-alice");
        assertThat(site.backUp("alice", "documents").ending(DENIED_OR_KEY).everything())
                .contains("HF-DENIED");
    }

    @Test
    void codesThatExpiredWereWithdrawnMistypedOrForAnotherHostAreRefusedWithTheirReason() throws Exception {
        String expired = invite("alice", "--expires", "1s");
        Wait.until(
                "it has expired", Duration.ofMinutes(1), () -> stateOf("alice").contains("\"state\":\"expired\""));
        assertThat(join("alice", expired).ending(DENIED_OR_KEY).everything()).contains("was good until");

        String withdrawn = invite("alice");
        site.run(RealSite.SERVER, "server", "invite", "--revoke", "alice").well();
        assertThat(join("alice", withdrawn).ending(DENIED_OR_KEY).everything()).contains("was withdrawn on");

        String bobs = invite("bob");
        assertThat(join("alice", bobs).ending(DENIED_OR_KEY).everything()).contains("the code is for 'bob'");

        String good = invite("alice");
        long connections = site.line().fromServer().passed();
        String mistyped = good.substring(0, 7) + (good.charAt(7) == '7' ? '8' : '7') + good.substring(8);
        assertThat(join("alice", mistyped).ending(DENIED_OR_KEY).everything())
                .contains("group 2 of the code is mistyped");
        assertThat(site.line().fromServer().passed()).as("nobody was called").isEqualTo(connections);

        Trees.shell(folder, "rm state-vault/vault/invitations/*");
        assertThat(join("alice", good).ending(DENIED_OR_KEY).everything()).contains("does not know the code");
        assertHasNoKeys("alice");
    }

    @Test
    void aServerWithAnotherHostKeyIsRefusedBeforeAnythingIsSent() throws Exception {
        String code = invite("alice");
        site.run(RealSite.SERVER, "server", "stop").well();
        site.run(RealSite.SERVER, "keygen", "--rotate", RealSite.SERVER).well();
        site.install(RealSite.SERVER);
        site.startServer();

        assertThat(join("alice", code).ending(DENIED_OR_KEY).everything())
                .contains("HF-HOST-KEY", "the code was made by a server with another one", "Nothing was sent");
        assertThat(site.serverLog()).doesNotContain("saying that it is");
        assertHasNoKeys("alice");
    }

    @Test
    void aServerThatIsKilledBetweenStrikingOutAndAnsweringGivesTheAnswerToTheSameHostOnly() throws Exception {
        Gate fromServer = site.line().fromServer();
        join("bob", invite("bob")).well();
        List<Integer> pieces = fromServer.pieces();
        int answer = pieces.stream()
                .filter(size -> size > 700)
                .mapToInt(pieces::lastIndexOf)
                .max()
                .orElseThrow();
        long before = pieces.subList(0, answer).stream().mapToInt(size -> size).sum();

        String code = invite("alice");
        fromServer.holdAfter(before - 40); // in the middle of the greeting, which is the last before the answer
        Running waiting = startJoin("alice", code);
        fromServer.awaitHold();
        Wait.until(
                "it is struck out",
                Duration.ofMinutes(1),
                () -> stateOf("alice").contains("\"state\":\"joined\""));
        site.killServer();
        site.line().cut(); // what the server had sent is on the line still
        fromServer.release();
        site.line().heal();
        assertThat(waiting.await().ending(UNREACHABLE).everything()).contains("Run the same command again");
        assertHasNoKeys("alice");

        site.startServer();
        Trees.shell(folder, "mv state-alice state-first");
        assertThat(join("alice", code).ending(DENIED_OR_KEY).everything()).contains("was used on");
        Trees.shell(folder, "rm -r state-alice; mv state-first state-alice");
        join("alice", code).well();
        site.backUp("alice", "documents").well();
        site.assertDocumentsComeBack();
    }

    @Test
    void aSealedRealmIsOpenedByTheRecoveryKeyAndWithoutItTheCommandSaysSo() throws Exception {
        Trees.shell(folder, "rm keys/machines/carol/seal");
        assertThat(site.run(RealSite.SERVER, "server", "invite", "alice")
                        .ending(DENIED_OR_KEY)
                        .everything())
                .contains("nothing on this machine opens the key of realm 'default'", "--recovery");
        assertThat(site.folder().resolve("state-vault/vault/invitations")).doesNotExist();

        Said made = site.startReading(
                        site.recoveryKey(), RealSite.SERVER, "server", "invite", "alice", "--recovery", "--json")
                .await()
                .well();
        join("alice", made.summary().text("code")).well();
        site.backUp("alice", "documents").well();
    }

    @Test
    void aHostThatJoinedKeepsItsKeysWhenItIsInvitedAgainToGetANewRealmKey() throws Exception {
        join("alice", invite("alice")).well();
        site.run(RealSite.SERVER, "keygen", "--all").well();
        String first = Files.readString(site.state("alice").resolve("alice/keys/machines/alice/ssh.pub"));
        String code = invite("alice", "--replace");
        site.run(RealSite.SERVER, "keygen", "--rotate", "carol").well();
        assertThat(join("alice", code).ending(DENIED_OR_KEY).everything()).contains("changed after it was invited");

        join("alice", invite("alice", "--replace")).well();
        assertThat(Files.readString(site.state("alice").resolve("alice/keys/machines/alice/ssh.pub")))
                .isEqualTo(first);
        site.backUp("alice", "documents").well();
    }

    @Test
    void aHostThatJoinedRestoresWhatLiesOnTheServerWhereItsGrantsAllow() throws Exception {
        Path recover = folder.resolve("recover");
        Trees.fill(recover, 2, 1, 1);
        Trees.shell(
                folder,
                "sed -i 's|.*name: papers }|&\\n  - { name: recover, local: true, path: \"" + recover
                        + "\" }|; s|restore: .alice/documents.|restore: [alice/documents, vault/recover]|'"
                        + " holdfast.yaml hosts.yaml");
        site.run(RealSite.SERVER, "keygen", RealSite.SERVER).well();
        site.install(RealSite.SERVER);
        site.run(RealSite.SERVER, "server", "reload").well();

        join("bob", invite("bob")).well();
        join("alice", invite("alice")).well();

        String[] restore = {"restore", "recover", "--server=vault", "--to-volume"};
        site.run("bob", restore[0], restore[1], restore[2], restore[3], "papers", "--yes")
                .well();
        Trees.assertSame(recover, site.papers());
        site.run("alice", restore[0], restore[1], restore[2], restore[3], "pictures", "--yes")
                .ending(DENIED_OR_KEY);
        assertThat(site.state("alice").resolve("alice/keys/realms"))
                .isDirectoryNotContaining("glob:**local-vault.keyring");
    }

    private String rotate(String machine) throws Exception {
        String said =
                site.run(RealSite.SERVER, "keygen", "--rotate", machine).well().everything();
        Matcher code = CHECK_CODE.matcher(said);
        assertThat(code.find()).as(said).isTrue();
        return code.group(1);
    }

    private Said configure(String host, String... more) throws Exception {
        String[] words = Stream.concat(Stream.of("configure", host, "--no-identity"), Stream.of(more))
                .toArray(String[]::new);
        return site.run(host, words);
    }

    @Test
    void aHostThatJoinedGetsARenewedKeyFromTheServerOnceAPersonHasComparedItsCheckCode() throws Exception {
        join("alice", invite("alice")).well();
        site.backUp("alice", "documents").well();
        assertThat(configure("alice").well().out()).contains("key of realm 'default': epoch 1, as before");
        site.run(
                        RealSite.SERVER,
                        "keygen",
                        "--rotate",
                        "carol",
                        "--state",
                        folder.resolve("elsewhere").toString())
                .well();
        assertThat(configure("alice").ending(DENIED_OR_KEY).everything())
                .contains("was renewed without 'alice'", "holdfast keygen alice");

        site.run(RealSite.SERVER, "keygen", "alice").well();
        String code = rotate("carol");
        assertThat(site.run("alice", "check", "--connection").everything())
                .contains("its key was renewed: epoch 3 there, epoch 1 here", "holdfast configure alice");
        assertThat(configure("alice").ending(DENIED_OR_KEY).everything())
                .contains("only its check code tells", "--renewed CODE");
        assertThat(configure("alice", "--renewed", "0000-0000-0000-0000")
                        .ending(DENIED_OR_KEY)
                        .everything())
                .contains("that is not its check code; the key stays as it was");
        assertThat(site.run("alice", "check").everything()).contains("its key opens, epoch 1");

        assertThat(configure("alice", "--renewed", code).well().out())
                .contains("key of realm 'default': epoch 3, new here");
        assertThat(site.run("alice", "check").well().everything()).contains("epoch 3, check code " + code);
        site.backUp("alice", "documents").well();
        join("bob", invite("bob")).well();
        site.assertDocumentsComeBack();
    }

    @Test
    void aServerThatOffersAKeyOfItsOwnMakingIsNotBelieved() throws Exception {
        join("alice", invite("alice")).well();
        Path other = Files.createDirectories(folder.resolve("forged"));
        Files.copy(folder.resolve("holdfast.yaml"), other.resolve("holdfast.yaml"));
        Trees.shell(other, "sed -i 's|keys: .*|keys: \"" + other + "/keys\"|' holdfast.yaml");
        Trees.shell(
                other,
                "mkdir -p keys/machines/alice; cp ../state-alice/alice/keys/machines/alice/*.pub keys/machines/alice");
        String path = other.resolve("holdfast.yaml").toString();
        String state = other.resolve("state").toString();
        site.run(RealSite.SERVER, "keygen", "--all", "--yes", "--path", path, "--state", state)
                .well();
        site.run(RealSite.SERVER, "keygen", "--rotate", "carol", "--path", path, "--state", state)
                .well();
        Trees.shell(other, "cp keys/realms/default.keyring ../keys/realms/");

        assertThat(configure("alice", "--renewed", "0000-0000-0000-0000")
                        .ending(DENIED_OR_KEY)
                        .everything())
                .contains("was made by somebody who does not have that key");
        site.backUp("alice", "documents").well();
    }
}
