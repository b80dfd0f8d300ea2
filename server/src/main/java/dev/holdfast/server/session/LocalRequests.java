package dev.holdfast.server.session;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.wire.FrameWriter;
import dev.holdfast.core.wire.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of the server's own volumes, asked for by those who may restore them. The host that asks is told at short intervals how
 * far it is: so it knows that it is not forgotten, and one that has gone is noticed. The snapshot is made all the same.
 */
final class LocalRequests {
    private static final Logger log = LoggerFactory.getLogger(LocalRequests.class);
    private static final Duration TOLD_EVERY = Duration.ofSeconds(1);

    private final Site site;
    private final String host;
    private final FrameWriter writer;

    LocalRequests(Site site, String host, FrameWriter writer) {
        this.site = site;
        this.host = host;
        this.writer = writer;
    }

    void ask(Message.AskLocal ask) throws IOException {
        requireGrant(ask.volume());
        writer.writeNow(look(ask.volume()));
    }

    private Message.Local look(String volume) {
        try {
            return new Message.Local(true, site.locals().find(volume));
        } catch (HoldfastException e) {
            return new Message.Local(false, e.problem().message());
        }
    }

    void take(Message.TakeLocal take) throws IOException {
        requireGrant(take.volume());
        site.locals().find(take.volume());
        log.info("'{}' is backed up, since {} wants to restore it", take.volume(), host);
        LocalSnapshots.Taking taking = site.locals().take(take.volume());
        writer.writeNow(new Message.TakenLocal(await(taking).encode()));
    }

    private SnapshotRecord await(LocalSnapshots.Taking taking) throws IOException {
        try {
            Optional<SnapshotRecord> made = Optional.empty();
            while (made.isEmpty()) {
                tell(taking.progress());
                made = taking.await(TOLD_EVERY);
            }
            tell(taking.progress());
            return made.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.BUSY, "the server is stopping", "Try again once it runs again.")
                    .asException();
        }
    }

    private void tell(LocalSnapshots.Progress far) throws IOException {
        writer.writeNow(new Message.TakingLocal(far.files(), far.bytes(), far.totalFiles(), far.totalBytes()));
    }

    /** The same rules as for restoring what was backed up. */
    private void requireGrant(String volume) {
        String server = site.locals().host();
        if (!site.grants().mayRestore(host, server, volume)) {
            throw Problem.of(
                            ProblemCode.DENIED,
                            "host '" + host + "' may not read volume '" + volume + "' of server '" + server + "'",
                            "In the configuration, add '" + server + "/" + volume + "' to the `restore` list"
                                    + " of client '" + host
                                    + "', then run `holdfast keygen --all`, `holdfast configure "
                                    + host + "` there and `holdfast server reload` on the server.")
                    .asException();
        }
        if (!site.grants().mayBackUp(server, volume)) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "volume '" + volume + "' is not local to server '" + server + "'",
                            "In the configuration, write `local: true` for it, then run `holdfast server reload` on the"
                                    + " server.")
                    .asException();
        }
    }
}
