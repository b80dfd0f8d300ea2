package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.ExtendedAttribute;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.Metadata;
import dev.holdfast.agent.files.NameCursor;
import dev.holdfast.agent.files.Sparing;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.files.TemporaryName;
import dev.holdfast.agent.tree.Gap;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Makes the target what the snapshot says, entry by entry; the content of regular files is {@link FileWork}'s. */
final class Performer implements TreeMerge.Visitor {
    private static final int OWNER_ALL = 0700;
    private static final String DEFAULT_ACL = "system.posix_acl_default";

    private final Directory target;
    private final RestoreRequest request;
    private final Spared spared;
    private final MetadataPolicy policy;
    private final Finisher finisher;
    private final Tally tally;
    private final Trouble trouble;
    private final LinkTable links;
    private final LinkMaker linkMaker;
    private final Judge judge;
    private final FileWork fileWork;

    /** Takes {@code target} over. */
    Performer(
            Directory target,
            RestoreRequest request,
            Spared spared,
            MetadataPolicy policy,
            FileWork fileWork,
            LinkMaker linkMaker) {
        this.target = target;
        this.request = request;
        this.spared = spared;
        this.policy = policy;
        this.tally = fileWork.tally();
        this.trouble = fileWork.trouble();
        this.finisher = new Finisher(policy, tally, trouble);
        this.links = fileWork.links();
        this.linkMaker = linkMaker;
        this.judge = new Judge(policy, links);
        this.fileWork = fileWork;
    }

    @Override
    public void at(EntryPath path) {
        trouble.check();
        tally.reached(path);
    }

    // ---- folders

    @Override
    public Folder root() {
        try {
            Folder.Facts facts = new Folder.Facts();
            NameCursor names = target.names();
            facts.fresh = !names.hasNext();
            facts.noteLeftovers(names);
            facts.inheriting = hasDefaultAcl(target.xattrs());
            return new Folder(null, EntryPath.ROOT, target, names, facts, finisher::finish);
        } catch (FileAccessException e) {
            target.close();
            throw RestoreRun.unusable(target.printablePath(), e);
        }
    }

    @Override
    public void rootEntry(Entry entry, Folder root) {
        try {
            policy.noteWithheld(entry);
            root.facts().entry = entry;
            root.facts().dirty = !policy.same(entry, policy.of(entry), target.status(), target.xattrs());
        } catch (FileAccessException e) {
            failed(entry.path(), e);
        }
    }

    private static boolean hasDefaultAcl(List<ExtendedAttribute> attributes) {
        return attributes.stream()
                .anyMatch(one -> new String(one.name(), StandardCharsets.ISO_8859_1).equals(DEFAULT_ACL));
    }

    @Override
    public Optional<Folder> directory(TreeMerge.Item item) {
        Entry entry = item.entry();
        try {
            if (item.chosen()) {
                policy.noteWithheld(entry);
            }
            boolean stands = item.existing().filter(Status::isDirectory).isPresent();
            return Optional.of(stands ? enter(item) : create(item));
        } catch (FileAccessException e) {
            failed(entry.path(), e);
            return Optional.empty();
        }
    }

    private Folder enter(TreeMerge.Item item) throws FileAccessException {
        Entry entry = item.entry();
        Status status = item.existing().orElseThrow();
        Directory parent = item.folder().directory();
        Folder.Facts facts = new Folder.Facts();
        List<ExtendedAttribute> attributes = parent.xattrs(item.name());
        facts.inheriting = hasDefaultAcl(attributes);
        if (item.chosen()) {
            facts.entry = entry;
            facts.dirty = !policy.same(entry, policy.of(entry), status, attributes);
            tally.found(facts.dirty ? Action.METADATA : Action.KEEP, entry, 0);
        }
        if ((status.mode() & OWNER_ALL) != OWNER_ALL) {
            facts.openedFrom = openUp(parent, item.name(), status.mode()) ? status.mode() : -1;
            facts.dirty = true;
        }
        Directory directory = parent.openDirectory(item.name());
        return folder(item, directory, facts);
    }

    /** Root needs no mode to enter and write; others who own the folder may give it to themselves. */
    private static boolean openUp(Directory parent, byte[] name, int mode) {
        try {
            parent.attributes(name).setMode(mode | OWNER_ALL);
            return true;
        } catch (FileAccessException e) {
            return false; // it is tried as it is; what cannot be written then is told file by file
        }
    }

    private Folder create(TreeMerge.Item item) throws FileAccessException {
        Directory parent = item.folder().directory();
        item.folder().touch();
        if (item.existing().isPresent()) {
            parent.removeFile(item.name());
        }
        parent.createDirectory(item.name());
        tally.did(item.existing().isPresent() ? Action.REPLACE : Action.CREATE);
        Folder.Facts facts = new Folder.Facts();
        facts.fresh = true;
        facts.inheriting = item.folder().facts().inheriting;
        if (item.role() != EntryFeed.Role.SUPPOSED) {
            facts.entry = item.entry();
        }
        facts.dirty = true;
        return folder(item, parent.openDirectory(item.name()), facts);
    }

    private Folder folder(TreeMerge.Item item, Directory directory, Folder.Facts facts) throws FileAccessException {
        try {
            NameCursor names = facts.fresh ? null : directory.names();
            if (names != null) {
                facts.noteLeftovers(names);
            }
            return new Folder(item.folder(), item.entry().path(), directory, names, facts, finisher::finish);
        } catch (FileAccessException e) {
            directory.close();
            throw e;
        }
    }

    // ---- everything else

    @Override
    public void other(TreeMerge.Item item) {
        Entry entry = item.entry();
        if (entry.type().isDevice() && !policy.makes(entry)) {
            return;
        }
        policy.noteWithheld(entry);
        try {
            Optional<LinkTable.Group> followed = links.follow(item);
            if (followed.isPresent()) {
                linkMaker.follow(item, followed.get());
                return;
            }
            Judge.Verdict verdict = judge.judge(item);
            if (entry.type() == EntryType.FILE) {
                if (clearFolder(item)) {
                    fileWork.restore(item, verdict);
                }
            } else if (verdict.serves()) {
                fileWork.settle(item, verdict.action());
            } else if (clearFolder(item)) {
                make(item, verdict.action());
            }
        } catch (FileAccessException e) {
            failed(entry.path(), e);
        }
    }

    /**
     * Takes away a folder that stands where something else belongs; with content only when extras may be deleted. False when it
     * stays because the rules of the volume protect what is in it.
     */
    private boolean clearFolder(TreeMerge.Item item) throws FileAccessException {
        if (item.existing().filter(Status::isDirectory).isEmpty()) {
            return true;
        }
        Directory parent = item.folder().directory();
        if (!request.deleteExtras()) {
            item.folder().touch();
            parent.removeDirectory(item.name());
            return true;
        }
        Sparing sparing = spared.in(item.folder().path());
        if (sparing != Sparing.NOTHING
                && parent.foreseeRemoval(item.name(), sparing).spares()) {
            tally.failed(
                    item.entry().path(),
                    "the folder that is there holds what the volume's `include` and `exclude` leave out, or what could not"
                            + " be read when the snapshot was made",
                    false);
            return false;
        }
        item.folder().touch();
        parent.removeTree(item.name());
        return true;
    }

    private void make(TreeMerge.Item item, Action action) throws FileAccessException {
        Entry entry = item.entry();
        Directory directory = item.folder().directory();
        boolean inTheWay =
                item.existing().filter(status -> !status.isDirectory()).isPresent();
        byte[] name = inTheWay ? TemporaryName.of(item.name()) : item.name();
        item.folder().touch();
        if (inTheWay && item.folder().takeLeftover(name)) {
            directory.removeTree(name);
        }
        if (entry.type() == EntryType.SYMLINK) {
            directory.createSymlink(name, entry.linkTarget());
        } else {
            directory.createNode(name, Judge.typeOf(entry.type()), entry.rdev());
        }
        Metadata metadata = policy.of(entry);
        policy.apply(
                entry.path(),
                metadata,
                directory.attributes(name),
                !item.folder().facts().inheriting);
        if (inTheWay) {
            directory.rename(name, directory, item.name());
        }
        tally.did(action);
        Optional<LinkTable.Group> group = links.lead(item);
        if (group.isPresent()) {
            linkMaker.finished(group.get(), directory.status(item.name()));
        }
    }

    @Override
    public void extra(Folder folder, byte[] name) {
        // Extras go last, in a walk of their own.
    }

    @Override
    public void lost(Gap gap) {
        tally.lost(gap);
    }

    @Override
    public void unreachable(Entry entry) {
        tally.failed(entry.path(), "the folder that it belongs in could not be restored", false);
    }

    @Override
    public void failed(EntryPath path, FileAccessException e) {
        if (!trouble.endsRun(e)) {
            tally.failed(path, String.valueOf(e.getMessage()), false);
        }
    }

    @Override
    public void broken(RuntimeException cause) {
        trouble.stop(cause instanceof HoldfastException known ? known : RestoreRun.bug(cause));
    }
}
