package dev.holdfast.agent.files;

/** Says what of a tree that is removed stays. */
@FunctionalInterface
public interface Sparing {
    Sparing NOTHING = (path, directory) -> false;

    /**
     * Whether it stays; a directory with everything in it.
     *
     * @param path from the directory that the tree is in, components separated by {@code /}
     */
    boolean spares(byte[] path, boolean directory);
}
