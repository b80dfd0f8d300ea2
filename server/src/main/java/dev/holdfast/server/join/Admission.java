package dev.holdfast.server.join;

import dev.holdfast.keys.machine.MachinePublicKeys;

/** What the server has to say when somebody wants to join, beside the invitation itself. */
public interface Admission {
    /**
     * Asked before the invitation is struck out.
     *
     * @throws dev.holdfast.core.problem.HoldfastException when the configuration or the keys are not as they were when the invitation
     *     was made, or another machine has one of these keys
     */
    void require(Invitation.Guest guest, MachinePublicKeys keys);

    /** Told after it was struck out, before the host is: from now on it may log in. */
    void joined(String name);
}
