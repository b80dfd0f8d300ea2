package dev.holdfast.agent.restore;

import dev.holdfast.agent.files.Attributes;
import dev.holdfast.agent.files.ExtendedAttribute;
import dev.holdfast.agent.files.FileAccessException;
import dev.holdfast.agent.files.Metadata;
import dev.holdfast.agent.files.Status;
import dev.holdfast.agent.files.Timestamp;
import dev.holdfast.core.tree.Entry;
import dev.holdfast.core.tree.EntryPath;
import dev.holdfast.core.tree.EntryType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Which metadata an entry gets on this host. What gives power to whoever runs or reads a file is given only when asked for, and
 * so is everything else that security modules read. What such a module gives to files by itself ({@code security.selinux} and its
 * kin) stays where the snapshot has none.
 */
public final class MetadataPolicy {
    private static final int SET_IDS = 06000;

    private final boolean special;
    private final Optional<RestoreRequest.NumericOwner> owner;
    private final Powers powers;
    private final BiConsumer<EntryPath, String> leftOut;

    private MetadataPolicy(
            boolean special,
            Optional<RestoreRequest.NumericOwner> owner,
            Powers powers,
            BiConsumer<EntryPath, String> leftOut) {
        this.special = special;
        this.owner = owner;
        this.powers = powers;
        this.leftOut = leftOut;
    }

    MetadataPolicy(RestoreRequest request, Powers powers, Tally tally) {
        this(request.special(), request.owner(), powers, tally::leftOut);
    }

    /**
     * For what comes from elsewhere than a snapshot.
     *
     * @param special also what gives power
     * @param leftOut told of what a path does not get
     */
    public static MetadataPolicy of(boolean special, BiConsumer<EntryPath, String> leftOut) {
        return new MetadataPolicy(special, Optional.empty(), Powers.ofProcess(), leftOut);
    }

    /** What {@code entry} gets. */
    public Metadata of(Entry entry) {
        int mode = withheld(entry) ? entry.mode() & ~SET_IDS : entry.mode();
        int uid =
                owner.map(RestoreRequest.NumericOwner::uid).orElse(entry.owner().uid());
        int gid =
                owner.map(RestoreRequest.NumericOwner::gid).orElse(entry.owner().gid());
        return new Metadata(
                uid & 0xffffffffL,
                gid & 0xffffffffL,
                mode,
                attributes(entry, special),
                new Timestamp(entry.modified().seconds(), entry.modified().nanos()));
    }

    private boolean withheld(Entry entry) {
        return !special && entry.type() == EntryType.FILE && (entry.mode() & SET_IDS) != 0;
    }

    private List<ExtendedAttribute> attributes(Entry entry, boolean special) {
        if (entry.attributes().isEmpty()) {
            return List.of();
        }
        List<ExtendedAttribute> wanted = new ArrayList<>();
        entry.attributes().forEach(attribute -> {
            byte[] name = attribute.name();
            if ((special || !isPower(name)) && !isOutOfReach(name)) {
                wanted.add(new ExtendedAttribute(name, attribute.value()));
            }
        });
        wanted.sort(null);
        return wanted;
    }

    /**
     * File capabilities and all else that security modules read, and what steers an overlay file system past the permissions of
     * what it shows.
     */
    private static boolean isPower(byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        return text.startsWith("security.") || text.startsWith("trusted.overlay.");
    }

    /** Attributes that the kernel gives to those alone who may administer the system; capabilities are not among them. */
    private static boolean isOfSystem(byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        return text.startsWith("trusted.") || (text.startsWith("security.") && !text.equals("security.capability"));
    }

    private boolean isOutOfReach(byte[] name) {
        return isOfSystem(name) && !powers.maySetSystemAttributes();
    }

    /**
     * Notes what {@link #of} withholds, so that the outcome says it; not of labels, which every file of such a host has and which
     * the next host gives anew.
     */
    public void noteWithheld(Entry entry) {
        if (withheld(entry)) {
            leftOut.accept(entry.path(), "setuid or setgid bit");
        }
        for (var attribute : entry.attributes()) {
            byte[] name = attribute.name();
            boolean ofTheHost = new ExtendedAttribute(name, attribute.value()).isGivenByHost();
            if (!ofTheHost && (isOutOfReach(name) || (!special && isPower(name)))) {
                leftOut.accept(entry.path(), "attribute " + EntryPath.printable(name));
            }
        }
    }

    /** Whether this device is to be made; notes it when not. */
    public boolean makes(Entry device) {
        if (!special) {
            leftOut.accept(device.path(), "device");
        }
        return special;
    }

    /** Notes beforehand what {@link #apply} would find to be out of reach. */
    public void foresee(Entry entry) {
        Metadata metadata = of(entry);
        if (!powers.mayGiveTo(metadata.uid(), metadata.gid())) {
            leftOut.accept(entry.path(), owner(metadata));
        }
        if (entry.type().isDevice() && !powers.mayMakeDevices()) {
            leftOut.accept(entry.path(), "device, which only root can make");
        }
    }

    private static String owner(Metadata metadata) {
        String lost = (metadata.mode() & SET_IDS) == 0 ? "" : " and with it the setuid or setgid bit";
        return "owner " + metadata.uid() + ":" + metadata.gid() + lost;
    }

    /** Whether what is there has it all already; what would be withheld, but is there, may stay. */
    boolean same(Entry entry, Metadata wanted, Status now, List<ExtendedAttribute> attributes) {
        boolean mode = entry.type() == EntryType.SYMLINK || now.mode() == wanted.mode() || now.mode() == entry.mode();
        if (!mode
                || now.uid() != wanted.uid()
                || now.gid() != wanted.gid()
                || !now.modified().equals(wanted.modified())) {
            return false;
        }
        return serve(attributes, wanted.xattrs()) || serve(attributes, attributes(entry, true));
    }

    /** Whether these are the attributes wanted, but for what this process cannot change and what the host has added. */
    private boolean serve(List<ExtendedAttribute> present, List<ExtendedAttribute> wanted) {
        return present.stream()
                .filter(one -> !isOutOfReach(one.name()))
                .filter(one -> !one.isGivenByHost() || wanted.stream().anyMatch(like -> like.compareTo(one) == 0))
                .toList()
                .equals(wanted);
    }

    /**
     * Gives it all, in the order that keeps it: owner, mode, attributes, time. What the process or the file system has no means
     * for is noted as left out; that is the rule for owners without root and for attributes on simple file systems.
     *
     * @param bare whether the file is new and can have no attributes yet
     */
    public void apply(EntryPath path, Metadata metadata, Attributes to, boolean bare) throws FileAccessException {
        int mode = metadata.mode();
        try {
            to.setOwner(metadata.uid(), metadata.gid());
        } catch (FileAccessException e) {
            tolerate(path, owner(metadata), e);
            mode &= ~SET_IDS; // they would give the power of another owner than the one they were meant for
        }
        to.setMode(mode);
        if (!bare || !metadata.xattrs().isEmpty()) {
            giveAttributes(path, metadata.xattrs(), to);
        }
        to.setModified(metadata.modified());
    }

    /**
     * An attribute of the system that is refused (a container may have less power than it shows, a security module may know no
     * such label) must cost no other: then they are given one by one, after those of the user.
     */
    private void giveAttributes(EntryPath path, List<ExtendedAttribute> all, Attributes to) throws FileAccessException {
        List<ExtendedAttribute> ofUser = new ArrayList<>(all);
        ofUser.removeIf(one -> isOfSystem(one.name()) || isPower(one.name()));
        try {
            to.setXattrs(all);
            return;
        } catch (FileAccessException e) {
            if (ofUser.size() == all.size()) {
                tolerate(path, "extended attributes (" + e.getMessage() + ")", e);
                return;
            }
        }
        giveAttributes(path, List.copyOf(ofUser), to);
        giveOneByOne(path, all, ofUser, to);
    }

    private void giveOneByOne(EntryPath path, List<ExtendedAttribute> all, List<ExtendedAttribute> given, Attributes to)
            throws FileAccessException {
        for (ExtendedAttribute one : all) {
            if (given.contains(one)) {
                continue;
            }
            given.add(one);
            try {
                to.setXattrs(given);
            } catch (FileAccessException e) {
                given.remove(one);
                String what = "attribute " + EntryPath.printable(one.name()) + " (" + e.getMessage() + ")";
                if (one.isGivenByHost() && !e.noSpace()) {
                    leftOut.accept(path, what); // such as a label of which the policy here knows nothing
                } else {
                    tolerate(path, what, e);
                }
            }
        }
    }

    private void tolerate(EntryPath path, String what, FileAccessException e) throws FileAccessException {
        if (!e.unsupported() && !(e.denied() && e.errno() != dev.holdfast.agent.files.Errno.EROFS)) {
            throw e;
        }
        leftOut.accept(path, what);
    }
}
