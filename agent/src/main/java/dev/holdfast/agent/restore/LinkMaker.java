package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.files.TemporaryName;
import dev.holdfast.core.tree.EntryPath;
import java.util.ArrayDeque;
import java.util.Deque;

/** Makes the further names of files that have several. */
final class LinkMaker {
    private final Directory target;
    private final Tally tally;
    private final Trouble trouble;

    /** {@code target} stays the caller's. */
    LinkMaker(Directory target, Tally tally, Trouble trouble) {
        this.target = target;
        this.tally = tally;
        this.trouble = trouble;
    }

    /** Makes {@code item} a further name of {@code group}'s file, now or when that is finished. */
    void follow(TreeMerge.Item item, LinkTable.Group group) {
        if (!group.waits(item)) {
            link(item, group, group.finished().orElseThrow());
        }
    }

    /** {@code group}'s file is finished: makes the names that waited for it. */
    void finished(LinkTable.Group group, Status file) {
        for (TreeMerge.Item item : group.finish(file)) {
            link(item, group, file);
            item.folder().release();
        }
    }

    /** There is no file for {@code group}: the names that waited for it are failures, too. */
    void failed(LinkTable.Group group, boolean stopped) {
        for (TreeMerge.Item item : group.fail()) {
            if (!stopped) {
                tally.failed(
                        item.entry().path(),
                        "its content belongs to '" + group.leader() + "', which could not be restored",
                        false);
            }
            item.folder().release();
        }
    }

    private void link(TreeMerge.Item item, LinkTable.Group group, Status file) {
        EntryPath path = item.entry().path();
        if (item.existing().filter(file::sameFile).isPresent()) {
            tally.found(Action.KEEP, item.entry(), 0);
            return;
        }
        try {
            boolean inTheWay = item.existing().isPresent();
            if (item.existing().filter(Status::isDirectory).isPresent()) {
                item.folder().directory().removeDirectory(item.name());
                inTheWay = false;
            }
            item.folder().touch();
            byte[] name = inTheWay ? TemporaryName.of(item.name()) : item.name();
            if (item.folder().takeLeftover(name)) {
                item.folder().directory().removeTree(name);
            }
            if (!createLink(name, item.folder().directory(), group.leader(), file)) {
                tally.failed(path, "'" + group.leader() + "', which has its content, was exchanged meanwhile", false);
                return;
            }
            if (inTheWay) {
                item.folder().directory().rename(name, item.folder().directory(), item.name());
            }
            tally.linked(inTheWay ? Action.REPLACE : Action.CREATE, item.entry());
        } catch (FileAccessException e) {
            if (!trouble.endsRun(e)) {
                tally.failed(path, String.valueOf(e.getMessage()), false);
            }
        }
    }

    /** Goes down to the first name from the root, through folders only; false when it is no longer the file. */
    private boolean createLink(byte[] name, Directory in, EntryPath first, Status file) throws FileAccessException {
        Deque<EntryPath> way = new ArrayDeque<>();
        for (EntryPath at = first.parent(); !at.isRoot(); at = at.parent()) {
            way.push(at);
        }
        Directory from = target;
        try {
            for (EntryPath folder : way) {
                Directory next = from.openDirectory(folder.name());
                if (from != target) {
                    from.close();
                }
                from = next;
            }
            in.createLink(name, from, first.name());
            boolean same = in.status(name).sameFile(file);
            if (!same) {
                in.removeFile(name);
            }
            return same;
        } finally {
            if (from != target) {
                from.close();
            }
        }
    }
}
