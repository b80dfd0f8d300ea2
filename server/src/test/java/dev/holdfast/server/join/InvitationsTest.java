package dev.holdfast.server.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.MachineKeys;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.server.disk.CrashingDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InvitationsTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String WELCOME = "holdfast-welcome-v1\nsealed\n";
    private static final MachinePublicKeys ALICE = keys("alice");
    private static final Ed25519PublicKey LOGIN = login();
    private static final Ed25519PublicKey OTHER_LOGIN = login();
    private static final Invitation.Guest GUEST = new Invitation.Guest(
            "alice", Map.of("home", 3), Optional.of(keys("old").ssh()));

    @TempDir
    Path state;

    private Instant now = Instant.parse("2026-11-20T02:00:00Z");
    private final InstantSource clock = () -> now;
    private final List<String> asked = new ArrayList<>();
    private final Admission admission = new Admission() {
        @Override
        public void require(Invitation.Guest guest, MachinePublicKeys keys) {
            asked.add("may " + guest.name());
        }

        @Override
        public void joined(String name) {
            asked.add("joined " + name);
        }
    };
    private Invitations invitations = Invitations.in(Path.of(""), clock);

    private static MachinePublicKeys keys(String name) {
        try (MachineKeys keys = MachineKeys.generate(name, new SecureRandom())) {
            return keys.publicKeys();
        }
    }

    private static Ed25519PublicKey login() {
        return Ed25519PublicKey.require(keys("code").ssh());
    }

    @BeforeEach
    void open() {
        invitations = Invitations.in(state, clock);
        invitations.add(GUEST, LOGIN, DAY, WELCOME);
    }

    private String join(MachinePublicKeys keys) {
        return invitations.join(LOGIN, keys, admission);
    }

    private void assertRefused(String why, MachinePublicKeys keys) {
        String before = folder();
        HoldfastException refused = catchThrowableOfType(HoldfastException.class, () -> join(keys));
        assertThat(refused).isNotNull().hasMessageContaining(why);
        assertThat(refused.problem().code()).isEqualTo(ProblemCode.DENIED);
        assertThat(refused.problem().hint()).contains("holdfast server invite");
        assertThat(folder()).as("nothing has changed").isEqualTo(before);
    }

    private String folder() {
        try (Stream<Path> files = Files.walk(state)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                all.append(file).append('\n').append(Files.readString(file));
            }
            return all.toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anInvitationIsStruckOutByWhoeverJoinsAndNamesItsKeysForGood() {
        assertThat(join(ALICE)).isEqualTo(WELCOME);

        assertThat(asked).containsExactly("may alice", "joined alice");
        Invitations again = Invitations.in(state, clock);
        assertThat(again.newcomers()).singleElement().satisfies(newcomer -> {
            assertThat(newcomer.keys()).isEqualTo(ALICE);
            assertThat(newcomer.before()).isEqualTo(GUEST.before());
        });
        assertThat(again.find(LOGIN)).get().extracting(one -> one.isOpen(now)).isEqualTo(false);
    }

    @Test
    void theSameHostMayAskAgainWhileTheTimeLastsAndNobodyElseMay() {
        join(ALICE);
        assertThat(join(ALICE)).isEqualTo(WELCOME);
        assertRefused("was used on 2026-11-20T02:00:00Z, by a machine with key " + ALICE.ssh(), keys("alice"));
        assertRefused(
                "was used on",
                new MachinePublicKeys("alice", ALICE.ssh(), keys("alice").sealing()));

        now = now.plus(DAY);
        assertRefused("was used on", ALICE);
        assertThat(invitations.newcomers()).hasSize(1);
    }

    @Test
    void anInvitationIsGoodUntilItsTimeIsOverByTheClockOfTheServer() {
        now = now.plus(DAY).minusMillis(1);
        assertThat(invitations.find(LOGIN))
                .get()
                .extracting(one -> one.isOpen(now))
                .isEqualTo(true);
        now = now.plusMillis(1);
        assertRefused("was good until 2026-11-21T02:00:00Z, and it is 2026-11-21T02:00:00Z on the server", ALICE);
        assertThat(asked).isEmpty();
    }

    @Test
    void aWithdrawnOrReplacedInvitationSaysSo() {
        assertThat(invitations.withdraw("alice")).isTrue();
        assertThat(invitations.withdraw("alice")).isFalse();
        assertRefused("was withdrawn on 2026-11-20T02:00:00Z", ALICE);

        invitations.add(GUEST, OTHER_LOGIN, DAY, WELCOME);
        assertThat(invitations.join(OTHER_LOGIN, ALICE, admission)).isEqualTo(WELCOME);
    }

    @Test
    void aNewInvitationTakesBackTheOneBefore() {
        invitations.add(GUEST, OTHER_LOGIN, DAY, WELCOME);
        assertRefused("was withdrawn", ALICE);
        assertThat(invitations.all()).extracting(Invitation::number).containsExactly(1L, 2L);
    }

    @Test
    void anUnknownCodeIsRefused() {
        assertThatThrownBy(() -> invitations.join(OTHER_LOGIN, ALICE, admission))
                .isInstanceOf(HoldfastException.class)
                .hasMessageContaining("is not known here");
        assertThat(invitations.find(OTHER_LOGIN)).isEmpty();
    }

    @Test
    void whoeverIsNotAdmittedLeavesTheInvitationAsItWas() {
        Admission nobody = new Admission() {
            @Override
            public void require(Invitation.Guest guest, MachinePublicKeys keys) {
                throw Problem.of(ProblemCode.DENIED, "not today", "Come again.").asException();
            }

            @Override
            public void joined(String name) {
                throw new AssertionError("joined");
            }
        };
        assertThatThrownBy(() -> invitations.join(LOGIN, ALICE, nobody)).hasMessageContaining("not today");
        assertThat(join(ALICE)).isEqualTo(WELCOME);
    }

    @Test
    void ofTwoThatWereUsedForTheSameHostTheNewerIsTrue() {
        join(ALICE);
        MachinePublicKeys reinstalled = keys("alice");
        invitations.add(GUEST, OTHER_LOGIN, DAY, WELCOME);
        assertThat(invitations.newcomers())
                .singleElement()
                .satisfies(one -> assertThat(one.keys()).isEqualTo(ALICE));
        invitations.join(OTHER_LOGIN, reinstalled, admission);
        assertThat(invitations.newcomers())
                .singleElement()
                .satisfies(one -> assertThat(one.keys()).isEqualTo(reinstalled));
        assertRefused("was used", ALICE);
    }

    @Test
    void whatHasEndedIsThrownAwayButNoHostThatHasJoined() {
        join(ALICE);
        invitations.add(new Invitation.Guest("bob", Map.of("home", 3), Optional.empty()), OTHER_LOGIN, DAY, WELCOME);
        now = now.plus(DAY);
        invitations.tidy();
        assertThat(invitations.all()).hasSize(2).allMatch(one -> one.welcome().isEmpty());

        now = now.plus(Duration.ofDays(30));
        invitations.tidy();
        assertThat(invitations.all()).extracting(Invitation::name).containsExactly("alice");
        assertThat(invitations.newcomers()).hasSize(1);
    }

    @Test
    void everyChangedByteOfAnInvitationIsFoundAndOthersStillWork() throws IOException {
        invitations.add(new Invitation.Guest("bob", Map.of("home", 3), Optional.empty()), OTHER_LOGIN, DAY, WELCOME);
        String good =
                InvitationText.encode(invitations.find(LOGIN).orElseThrow().with(new Fate.Joined(now, ALICE)));
        assertThat(InvitationText.encode(InvitationText.decode(good))).isEqualTo(good);
        for (int at = 0; at < good.length(); at++) {
            String bad = good.substring(0, at) + (char) (good.charAt(at) ^ 1) + good.substring(at + 1);
            String cut = good.substring(0, at);
            assertThatThrownBy(() -> InvitationText.decode(bad)).isInstanceOf(MalformedException.class);
            assertThatThrownBy(() -> InvitationText.decode(cut)).isInstanceOf(MalformedException.class);
        }
        try (Stream<Path> files = Files.list(state.resolve("invitations"))) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains("name alice")) {
                    Files.writeString(file, "rubbish");
                }
            }
        }
        assertThat(invitations.all()).extracting(Invitation::name).containsExactly("bob");
    }

    @Test
    void aPowerLossLeavesAnOpenInvitationOrAHostThatHasJoined() {
        int whole = operations();
        assertThat(whole).isGreaterThan(3);
        SplittableRandom random = new SplittableRandom(5);
        for (int at = 1; at <= whole + 1; at++) {
            for (int round = 0; round < 20; round++) {
                CrashingDisk disk = prepared();
                disk.losePowerAt(disk.operations() + at);
                boolean answered = tryToJoin(disk);
                Invitations after = on(disk.afterPowerLoss(random));
                Invitation found = after.find(LOGIN).orElseThrow();
                assertThat(found.isOpen(now)).isNotEqualTo(found.newcomer().isPresent());
                if (answered) {
                    assertThat(found.newcomer())
                            .get()
                            .satisfies(one -> assertThat(one.keys()).isEqualTo(ALICE));
                }
                assertThat(after.join(LOGIN, ALICE, admission)).isEqualTo(WELCOME);
            }
        }
    }

    private Invitations on(CrashingDisk disk) {
        return new Invitations(Path.of("/state/invitations"), disk, clock);
    }

    private CrashingDisk prepared() {
        CrashingDisk disk = new CrashingDisk();
        on(disk).add(GUEST, LOGIN, DAY, WELCOME);
        return disk;
    }

    private int operations() {
        CrashingDisk disk = prepared();
        int before = disk.operations();
        on(disk).join(LOGIN, ALICE, admission);
        return disk.operations() - before;
    }

    private boolean tryToJoin(CrashingDisk disk) {
        try {
            on(disk).join(LOGIN, ALICE, admission);
            return true;
        } catch (CrashingDisk.PowerLost e) {
            return false;
        }
    }

    @Test
    void theFolderIsForItsOwnerAlone() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("invitations"))))
                .isEqualTo("rwx------");
    }
}
