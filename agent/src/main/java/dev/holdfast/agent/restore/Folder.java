package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Directory;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.NameCursor;
import dev.holdfast.agent.files.TemporaryName;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the target during a walk. It is held by the walk while that is inside, by every file under way in it and by its
 * folders; when the last lets go it is finished, on whichever thread that is: so metadata comes after everything inside, and only
 * folders with something under way are in memory.
 */
final class Folder {
    /** What is known of a folder when it is entered. */
    static final class Facts {
        /** Made by this run: nobody else looks for anything in it yet. */
        boolean fresh;
        /** Whether new files in it inherit an ACL. */
        boolean inheriting;
        /** The entry whose metadata it gets in the end. */
        @Nullable
        Entry entry;
        /** Whether its metadata is known to differ. */
        boolean dirty;
        /** The mode that it had before it was opened up for the owner; negative when it was not. */
        int openedFrom = -1;

        private final Set<String> leftovers = new HashSet<>();

        /** Notes what earlier runs left in a folder. */
        void noteLeftovers(NameCursor names) throws FileAccessException {
            for (byte[] name : names.startingWith(TemporaryName.start())) {
                if (TemporaryName.is(name)) {
                    leftovers.add(new String(name, StandardCharsets.ISO_8859_1));
                }
            }
        }
    }

    private final @Nullable Folder parent;
    private final EntryPath path;
    private final @Nullable Directory directory;
    private final @Nullable NameCursor names;
    private final Facts facts;
    private final Consumer<Folder> whenDone;
    private final AtomicInteger holds = new AtomicInteger(1);
    private volatile boolean touched;

    Folder(
            @Nullable Folder parent,
            EntryPath path,
            @Nullable Directory directory,
            @Nullable NameCursor names,
            Facts facts,
            Consumer<Folder> whenDone) {
        this.parent = parent;
        this.path = path;
        this.directory = directory;
        this.names = names;
        this.facts = facts;
        this.whenDone = whenDone;
        if (parent != null) {
            parent.hold();
        }
    }

    EntryPath path() {
        return path;
    }

    /** Whether there is such a folder; only a plan walks through ones that are not there. */
    boolean exists() {
        return directory != null;
    }

    Directory directory() {
        return java.util.Objects.requireNonNull(directory);
    }

    Facts facts() {
        return facts;
    }

    // ---- the names that are there, in step with the entries; for the walking thread

    /** The next name that is there and comes before {@code name}; null when there is none. Null {@code name} means the end. */
    byte @Nullable [] nextBefore(byte @Nullable [] name) throws FileAccessException {
        if (names == null || !names.hasNext() || (name != null && names.compare(name) >= 0)) {
            return null;
        }
        return names.next();
    }

    /** Whether {@code name} is there; steps over it. */
    boolean steps(byte[] name) throws FileAccessException {
        if (names != null && names.hasNext() && names.compare(name) == 0) {
            names.next();
            if (TemporaryName.is(name)) {
                takeLeftover(name); // the volume has a file of such a name
            }
            return true;
        }
        return false;
    }

    // ---- temporary names

    /** Whether an earlier run left something under this temporary name; it is the caller's from now on. */
    synchronized boolean takeLeftover(byte[] temporary) {
        return facts.leftovers.remove(new String(temporary, StandardCharsets.US_ASCII));
    }

    /** What earlier runs left and nobody took. */
    synchronized Set<String> leftovers() {
        return Set.copyOf(facts.leftovers);
    }

    // ---- life

    /** Something in it was made, replaced or removed, which changed its modification time. */
    void touch() {
        touched = true;
    }

    boolean touched() {
        return touched;
    }

    void hold() {
        holds.incrementAndGet();
    }

    /** Lets go; the last one finishes the folder, and then its parent if that was the last thing in it. */
    void release() {
        Folder at = this;
        while (at != null && at.holds.decrementAndGet() == 0) {
            at.whenDone.accept(at);
            at = at.parent;
        }
    }
}
