package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.FileReader;
import dev.holdfast.agent.files.Metadata;
import dev.holdfast.agent.files.Status;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.keys.realm.RealmKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;

/** Restores regular files: keeps what is right, takes over what is here, asks for the rest. */
final class FileWork implements FileJob.Yard, AutoCloseable {
    /** Files with a fingerprint are small; one that says otherwise is written anew. */
    private static final int MOST_COMPARED_BYTES = 1 << 20;

    private final RealmKey realm;
    private final RestoreRequest request;
    private final MetadataPolicy policy;
    private final Tally tally;
    private final Trouble trouble;
    private final LinkTable links = new LinkTable();
    private final LinkMaker linkMaker;
    private final Fetcher fetcher;
    private final ContentFeed feed;
    private final Mac fingerprints;
    private final AtomicInteger openFiles = new AtomicInteger();
    private final Set<FileJob> underWay = ConcurrentHashMap.newKeySet();

    /** Takes {@code fetcher} over. */
    FileWork(
            RealmKey realm,
            RestoreRequest request,
            MetadataPolicy policy,
            LinkMaker linkMaker,
            Fetcher fetcher,
            ContentFeed feed) {
        this.realm = realm;
        this.request = request;
        this.policy = policy;
        this.tally = fetcher.tally();
        this.trouble = fetcher.trouble();
        this.linkMaker = linkMaker;
        this.fetcher = fetcher;
        this.feed = feed;
        this.fingerprints = realm.newContentMac();
    }

    LinkTable links() {
        return links;
    }

    /** Restores the file of {@code item}, of which no other name was met before. */
    void restore(TreeMerge.Item item, Judge.Verdict verdict) throws FileAccessException {
        boolean looksRight = verdict.action() == Action.KEEP || verdict.action() == Action.METADATA;
        if (looksRight && !request.verify()) {
            settle(item, verdict.action());
            return;
        }
        Optional<Status> old = item.existing().filter(Status::isFile);
        if (verdict.serves() && old.isPresent() && hasFingerprint(item, old.get())) {
            settle(item, judgeMetadata(item, old.get()));
            return;
        }
        if (looksRight) {
            tally.unplanned(item.entry().path(), item.entry().size());
        }
        Action action = looksRight ? Action.UPDATE : verdict.action();
        FileJob job = new FileJob(this, item, action, links.lead(item));
        underWay.add(job);
        feedWithReuse(job, item, verdict.serves());
    }

    private Action judgeMetadata(TreeMerge.Item item, Status now) throws FileAccessException {
        return new Judge(policy, links).metadata(item, now);
    }

    /** What is there stays; it gets its metadata if that differs. */
    void settle(TreeMerge.Item item, Action action) throws FileAccessException {
        settleMetadata(item, action);
        Optional<LinkTable.Group> group = links.lead(item);
        if (group.isPresent()) {
            linkMaker.finished(group.get(), item.existing().orElseThrow());
        }
    }

    private void settleMetadata(TreeMerge.Item item, Action action) throws FileAccessException {
        Entry entry = item.entry();
        if (action == Action.METADATA) {
            Metadata metadata = policy.of(entry);
            policy.apply(entry.path(), metadata, item.folder().directory().attributes(item.name()), false);
        }
        tally.found(action, entry, entry.size());
    }

    /** Whether a small file's content is as it should be, whatever its time says. */
    private boolean hasFingerprint(TreeMerge.Item item, Status now) throws FileAccessException {
        Entry entry = item.entry();
        if (now.size() != entry.size()) {
            return false;
        }
        if (entry.size() == 0) {
            return true;
        }
        byte[] expected = entry.fingerprint();
        if (expected.length == 0 || entry.size() > MOST_COMPARED_BYTES) {
            return false;
        }
        byte[] content = new byte[(int) entry.size() + 1];
        try (FileReader file = item.folder().directory().openFile(item.name())) {
            int filled = 0;
            int count = file.read(content, 0, content.length);
            while (count > 0) {
                filled += count;
                count = filled == content.length ? -1 : file.read(content, filled, content.length - filled);
            }
            if (filled != entry.size()) {
                return false;
            }
        }
        fingerprints.update(content, 0, (int) entry.size());
        return Arrays.equals(Arrays.copyOf(fingerprints.doFinal(), expected.length), expected);
    }

    /**
     * Asks for the pieces of a file. When that breaks off, the walk keeps its hold of the job: what was asked for until then may all
     * arrive, and the file would pass for finished.
     */
    private void feedWithReuse(FileJob job, TreeMerge.Item item, boolean serves) {
        Entry entry = item.entry();
        boolean large = entry.fingerprint().length == 0 && entry.size() > 0;
        Optional<FileReader> old = Optional.empty();
        try {
            boolean continued = job.continueLeftover();
            old = large && item.existing().filter(Status::isFile).isPresent()
                    ? Optional.of(item.folder().directory().openFile(item.name()))
                    : Optional.empty();
            if (!continued && old.isEmpty()) {
                ask(job, item, Optional.empty());
            } else {
                Reuse reuse = new Reuse(realm, job, continued, old.orElse(null));
                boolean complete = ask(job, item, Optional.of(reuse));
                boolean sameSize = old.isPresent() && old.get().opened().size() == entry.size();
                if (complete && serves && sameSize && reuse.nothingDiffers()) {
                    dissolve(job, item);
                }
            }
        } catch (FileAccessException e) {
            job.failed(e);
        } finally {
            old.ifPresent(FileReader::close);
        }
        job.release();
    }

    /** Asks for what is lacking; false when the tree cannot say what that is. */
    private boolean ask(FileJob job, TreeMerge.Item item, Optional<Reuse> reuse) throws FileAccessException {
        try {
            feed.feed(job, item.block(), reuse);
            return true;
        } catch (HoldfastException e) {
            if (e.problem().code() != ProblemCode.DAMAGE) {
                throw e;
            }
            job.failed(e.problem().message(), true);
            return false;
        }
    }

    /** Nothing has to be written after all: the old file stays. */
    private void dissolve(FileJob job, TreeMerge.Item item) throws FileAccessException {
        Status now = item.existing().orElseThrow();
        job.foundWhole();
        job.abandon();
        underWay.remove(job);
        settleMetadata(item, judgeMetadata(item, now));
        job.group().ifPresent(group -> linkMaker.finished(group, now));
        item.folder().release();
    }

    @Override
    public void ended(FileJob job, Optional<Status> status) {
        if (underWay.remove(job)) {
            job.group().ifPresent(group -> {
                if (status.isPresent()) {
                    linkMaker.finished(group, status.get());
                } else {
                    linkMaker.failed(group, trouble.stopped());
                }
            });
            job.item().folder().release();
        }
    }

    @Override
    public MetadataPolicy policy() {
        return policy;
    }

    @Override
    public Tally tally() {
        return tally;
    }

    @Override
    public Trouble trouble() {
        return trouble;
    }

    @Override
    public AtomicInteger openFiles() {
        return openFiles;
    }

    /** Waits until all files are finished. */
    void finish() {
        fetcher.finish();
    }

    /** Stops; files under way are left to the next run, or removed. */
    @Override
    public void close() {
        fetcher.close();
        for (FileJob job : List.copyOf(underWay)) {
            job.abandon();
            if (underWay.remove(job)) {
                job.item().folder().release();
            }
        }
    }
}
