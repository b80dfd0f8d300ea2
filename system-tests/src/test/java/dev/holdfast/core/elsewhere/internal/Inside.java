package dev.holdfast.core.elsewhere.internal;

/** For {@code core.elsewhere} alone. */
public final class Inside {
    public void touch() {}
}
