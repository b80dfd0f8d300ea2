package dev.holdfast.system.restore;

import dev.holdfast.agent.restore.RestoreRequest;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.snapshot.SnapshotRecord;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.system.hosts.TwoHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A server, a source tree and a target in one temporary folder. */
final class Bench implements AutoCloseable {
    final TwoHosts hosts;
    final Path source;
    final Path target;
    final Path outside;

    Bench(Path temp) throws IOException {
        hosts = new TwoHosts(temp.resolve("hosts"));
        source = Files.createDirectory(temp.resolve("source"));
        target = temp.resolve("target");
        outside = Files.createDirectory(temp.resolve("outside"));
    }

    /** Runs a script in the source and backs it up. */
    SnapshotRecord snapshotOf(String script) throws Exception {
        Trees.shell(source, script);
        return hosts.snapshot("alice", "data", source);
    }

    RestoreRequest request(SnapshotRecord snapshot) {
        return RestoreRequest.whole(snapshot, target, 2).withSpecial();
    }

    static EntryPath path(String text) {
        try {
            return EntryPath.ofText(text);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    RestoreRequest selected(SnapshotRecord snapshot, String... paths) {
        return request(snapshot)
                .withSelections(Arrays.stream(paths).map(Bench::path).toList());
    }

    @Override
    public void close() throws IOException {
        hosts.close();
    }
}
