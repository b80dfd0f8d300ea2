package dev.holdfast.agent.archive;

import dev.holdfast.agent.tree.Block;
import dev.holdfast.agent.tree.SnapshotReader;
import dev.holdfast.core.tree.Content;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import dev.holdfast.core.tree.Extent;
import java.io.IOException;
import java.util.Optional;

/** Writes a whole snapshot into an archive, in the order of its entries; lost parts end it with {@code DAMAGE}. */
final class SnapshotFeed implements ContentStream.Taker {
    private static final int PARTS_AT_ONCE = 16;

    private final SnapshotReader reader;
    private final TarWriter tar;
    private final Account account;
    private final HardLinks links = new HardLinks();
    /** As {@link #links}, but of what is asked for ahead of time. */
    private final HardLinks ahead = new HardLinks();

    SnapshotFeed(SnapshotReader reader, TarWriter tar, Account account) {
        this.reader = reader;
        this.tar = tar;
        this.account = account;
    }

    void run() throws IOException {
        try (ContentStream stream = new ContentStream(reader, this)) {
            stream.run();
        }
    }

    /** Whether the content of {@code entry} is wanted: of a file with several names, it is with the first. */
    @Override
    public boolean wants(Entry entry) {
        if (entry.type() != EntryType.FILE) {
            return false;
        }
        boolean first = ahead.first(entry).isEmpty();
        if (first) {
            ahead.met(entry);
        }
        return first;
    }

    @Override
    public void begin(Block block, Entry entry) throws IOException {
        account.check();
        if (entry.type() == EntryType.SOCKET) {
            account.leftOut(entry.path(), "socket");
            return;
        }
        Optional<EntryPath> first = links.first(entry);
        if (first.isPresent()) {
            tar.addLink(entry, first.get());
            account.linked();
            return;
        }
        links.met(entry);
        account.began(entry);
        if (entry.type() == EntryType.FILE) {
            tar.begin(entry, regions(block, entry));
        } else {
            tar.add(entry);
        }
    }

    @Override
    public void bytes(byte[] chunk, int from, int length) throws IOException {
        account.check();
        tar.write(chunk, from, length);
        account.wrote(length);
    }

    @Override
    public void hole(long length) throws IOException {
        tar.skip(length);
        account.wrote(length);
    }

    @Override
    public void end(Entry entry) throws IOException {
        if (tar.left() != 0) {
            throw SnapshotReader.damaged(
                    "the content of '" + entry.path() + "' is not as long as its entry says", null);
        }
        tar.end();
        account.ended(entry);
    }

    /** Where the file has data, which an archive says before the content. */
    private Regions regions(Block block, Entry entry) {
        Regions.Builder regions = new Regions.Builder();
        if (entry.content() instanceof Content.Listed listed) {
            for (int from = 0; from < listed.parts().size(); from += PARTS_AT_ONCE) {
                int to = Math.min(from + PARTS_AT_ONCE, listed.parts().size());
                reader.extentLists(block, listed.parts().subList(from, to))
                        .forEach(list -> list.list().extents().forEach(extent -> note(extent, regions)));
                account.check();
            }
        } else {
            ((Content.Inline) entry.content()).extents().forEach(extent -> note(extent, regions));
        }
        Regions all = regions.build();
        if (all.size() != entry.size()) {
            throw SnapshotReader.damaged(
                    "the content of '" + entry.path() + "' is not as long as its entry says", null);
        }
        return all;
    }

    private static void note(Extent extent, Regions.Builder regions) {
        if (extent instanceof Extent.Hole) {
            regions.hole(extent.length());
        } else {
            regions.data(extent.length());
        }
    }
}
