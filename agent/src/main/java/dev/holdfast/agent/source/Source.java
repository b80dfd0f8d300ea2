package dev.holdfast.agent.source;

/** A volume of some kind. Nothing is touched until {@link #freeze}. */
public interface Source {
    /**
     * Holds the volume as still as its kind allows.
     *
     * @throws dev.holdfast.core.problem.HoldfastException when it is not there or cannot be held; then nothing stays held
     */
    FrozenView freeze();
}
