package dev.holdfast.cli.handover;

import dev.holdfast.core.daemon.FrameChannel;

/** What a frame is. Numbers and no enum: the shell's side loads as few classes as it can. */
final class FrameType {
    /** From the agent, last: the exit code, one byte. */
    static final int END = 0;
    /** From the agent, instead of anything else: why the line is not for it. */
    static final int REFUSED = FrameChannel.REFUSED;
    /** From the agent, first: it begins. Without it when it had nothing to do but to find fault with the words. */
    static final int ACCEPTED = 2;
    /** From the agent: for stdout. */
    static final int OUT = 3;
    /** From the agent: for stderr. */
    static final int ERR = 4;
    /** From the shell, first: the line. */
    static final int LINE = 5;
    /** From the shell: stop; one byte, 1 when the system asks (SIGTERM) and 0 when the person does. */
    static final int CANCEL = 6;

    /** The longest line with its environment, and more than any other frame. */
    static final int LARGEST_BYTES = 1 << 20;

    private FrameType() {}
}
