package dev.holdfast.core.elsewhere;

import dev.holdfast.core.planted.Trespasser;

/** Needs a package that needs this one. */
public final class Neighbour {
    public void back(Trespasser other) {
        other.print();
    }
}
