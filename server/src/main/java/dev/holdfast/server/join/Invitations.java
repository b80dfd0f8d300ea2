package dev.holdfast.server.join;

import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.machine.Ed25519PublicKey;
import dev.holdfast.keys.machine.MachinePublicKeys;
import dev.holdfast.keys.machine.SshPublicKey;
import dev.holdfast.keys.store.Newcomer;
import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.Disk;
import dev.holdfast.server.disk.FileInUseException;
import dev.holdfast.server.disk.ReadableFile;
import dev.holdfast.server.disk.RealDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The invitations of a server: {@code STATE/NAME/invitations/ID}, where ID is the hash of the login key. {@code server invite} writes
 * there while the server runs, so whoever changes anything takes the lock of the folder, and nothing is remembered between two looks.
 *
 * <p>Invariant at every line of {@link #join}, whatever is lost: the invitation is open and nobody has joined by it, or it is struck out
 * and names the keys of the host that joined, for good, and that host alone may be told again what it was told.
 */
public final class Invitations {
    /** How long one that has ended is remembered, so that whoever still has the code is told why it does not work. */
    private static final Duration REMEMBERED = Duration.ofDays(30);

    private static final String SUFFIX = ".invitation";
    private static final String LOCK = "lock";
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_EVERY_MILLIS = 10;
    private static final Logger log = LoggerFactory.getLogger(Invitations.class);

    private final Path folder;
    private final Disk disk;
    private final InstantSource clock;

    Invitations(Path folder, Disk disk, InstantSource clock) {
        this.folder = folder;
        this.disk = disk;
        this.clock = clock;
    }

    /** Those of the server with this state folder. */
    public static Invitations in(Path state, InstantSource clock) {
        return new Invitations(state.resolve("invitations"), new RealDisk(), clock);
    }

    /** The one with that login key; empty when there is none that is still remembered. */
    public Optional<Invitation> find(SshPublicKey login) {
        return login instanceof Ed25519PublicKey ofCode ? read(file(ofCode)) : Optional.empty();
    }

    /** All that are remembered, the newest last. A damaged one is left out, with a line in the log. */
    public List<Invitation> all() {
        List<Invitation> all = new ArrayList<>();
        try {
            for (String name : disk.list(folder)) {
                if (name.endsWith(SUFFIX)) {
                    read(folder.resolve(name)).ifPresent(all::add);
                }
            }
        } catch (IOException e) {
            throw failed("read", e);
        }
        all.sort(Comparator.comparingLong(Invitation::number));
        return all;
    }

    /** The hosts that joined, each once. */
    public List<Newcomer> newcomers() {
        Map<String, Newcomer> last = new TreeMap<>();
        all().forEach(one -> one.newcomer().ifPresent(newcomer -> last.put(one.name(), newcomer)));
        return List.copyOf(last.values());
    }

    private Optional<Invitation> read(Path file) {
        try (ReadableFile open = disk.open(file)) {
            if (open.size() > InvitationText.MAX_LENGTH) {
                throw new MalformedException("it is far too long");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) open.size());
            while (bytes.hasRemaining() && open.read(bytes, bytes.position()) >= 0) {
                // until it is full, or the file is shorter than it said and the checksum will tell
            }
            return Optional.of(InvitationText.decode(new String(bytes.array(), StandardCharsets.US_ASCII)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            log.warn("the invitation {} cannot be used: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Invites {@code guest} for {@code time}; an open invitation of the same host is withdrawn. */
    public Invitation add(Invitation.Guest guest, Ed25519PublicKey login, Duration time, String welcome) {
        return locked(() -> {
            Instant now = now();
            List<Invitation> before = all();
            long number = before.isEmpty() ? 1 : before.get(before.size() - 1).number() + 1;
            Invitation fresh = new Invitation(number, guest, login, now, now.plus(time), new Fate.Open(), welcome);
            withdrawOpen(before, guest.name());
            write(fresh);
            tidy(before);
            return fresh;
        });
    }

    /** Takes back the open invitation of a host; whether there was one. */
    public boolean withdraw(String name) {
        return locked(() -> withdrawOpen(all(), name));
    }

    private boolean withdrawOpen(List<Invitation> all, String name) throws IOException {
        boolean any = false;
        for (Invitation one : all) {
            if (one.name().equals(name) && one.isOpen(now())) {
                write(one.with(new Fate.Withdrawn(now())).withoutWelcome());
                any = true;
            }
        }
        return any;
    }

    /** Throws away what has ended: at once what would be handed over, and after a month the rest, but no host that has joined. */
    private void tidy(List<Invitation> before) throws IOException {
        Map<String, Long> last = new TreeMap<>();
        for (Invitation one : before) {
            if (one.newcomer().isPresent()) {
                last.put(one.name(), one.number());
            }
        }
        for (Invitation one : before) {
            boolean over = !now().isBefore(one.expires());
            boolean needed = one.newcomer().isPresent() && last.getOrDefault(one.name(), 0L) == one.number();
            if (!needed && !now().isBefore(one.expires().plus(REMEMBERED))) {
                disk.delete(file(one.login()));
            } else if (over && !one.welcome().isEmpty()) {
                write(one.withoutWelcome());
            }
        }
    }

    /** Throws away what can be thrown away by now. */
    public void tidy() {
        if (!disk.exists(folder)) {
            return;
        }
        locked(() -> {
            tidy(all());
            return true;
        });
    }

    /**
     * Lets a host with these keys join by the invitation, once, and gives back what is to be handed over. The same host may ask again
     * while the time lasts, since the answer may not have reached it.
     *
     * @throws HoldfastException when it may not; then nothing has changed
     */
    public String join(Ed25519PublicKey login, MachinePublicKeys keys, Admission admission) {
        return locked(() -> {
            Invitation invitation = find(login).orElseThrow(() -> refused("the code is not known here any more"));
            boolean again = invitation.keys().isPresent();
            requireUsable(invitation, keys);
            if (!again) {
                admission.require(invitation.guest(), keys);
                write(invitation.with(new Fate.Joined(now(), keys)));
            }
            admission.joined(invitation.name());
            return invitation.welcome();
        });
    }

    private void requireUsable(Invitation invitation, MachinePublicKeys keys) {
        String of = "the code of the invitation for '" + invitation.name() + "' ";
        if (invitation.fate() instanceof Fate.Withdrawn withdrawn) {
            throw refused(of + "was withdrawn on " + withdrawn.at());
        }
        if (invitation.fate() instanceof Fate.Joined joined && !isRepeat(invitation, joined, keys)) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            of + "was used on " + joined.at() + ", by a machine with key "
                                    + joined.keys().ssh(),
                            "If that was not this machine, somebody else had the code: on the server, take '"
                                    + invitation.name() + "' out of the configuration at once or run `holdfast keygen"
                                    + " --rotate " + invitation.name() + "`. Else `holdfast server invite "
                                    + invitation.name() + " --replace` makes a new one.")
                    .asException();
        }
        if (!now().isBefore(invitation.expires())) {
            throw refused(of + "was good until " + invitation.expires() + ", and it is " + now() + " on the server");
        }
    }

    private boolean isRepeat(Invitation invitation, Fate.Joined joined, MachinePublicKeys keys) {
        return joined.keys().equals(keys)
                && newcomers().contains(invitation.newcomer().orElseThrow())
                && now().isBefore(invitation.expires());
    }

    private static HoldfastException refused(String message) {
        return Problem.of(
                        ProblemCode.DENIED,
                        message,
                        "Ask whoever runs the server for a new one: `holdfast server invite NAME`.")
                .asException();
    }

    private void write(Invitation invitation) throws IOException {
        AtomicFile.write(
                disk,
                file(invitation.login()),
                InvitationText.encode(invitation).getBytes(StandardCharsets.US_ASCII));
    }

    /** As precise as it is written down. */
    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private Path file(Ed25519PublicKey login) {
        return folder.resolve(HexFormat.of().formatHex(login.raw()) + SUFFIX);
    }

    private interface Change<T> {
        T make() throws IOException;
    }

    private <T> T locked(Change<T> change) {
        try {
            disk.createDirectories(folder);
            Closeable lock = lock();
            try {
                return change.make();
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            throw failed("change", e);
        }
    }

    private Closeable lock() throws IOException {
        long deadline = System.nanoTime() + LONGEST_WAIT_NANOS;
        while (true) {
            try {
                return disk.lock(folder.resolve(LOCK));
            } catch (FileInUseException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while others changed invitations", e);
            }
        }
    }

    private HoldfastException failed(String verb, IOException e) {
        return new HoldfastException(
                Problem.of(
                        ProblemCode.IO,
                        "cannot " + verb + " the invitations in " + folder + ": " + e.getMessage(),
                        "Run it as the user that the server runs as; look at rights and free space there."),
                e);
    }
}
