package dev.holdfast.system.server;

import dev.holdfast.core.wire.MessageType;

/** Where a conversation can stand, as {@code docs/protocol.md} has it. */
enum ProtocolState {
    CONNECTED,
    GREETED,
    BEGUN,
    ASKED_WHAT_IS_LACKING,
    PUTTING,
    COMMITTED,
    LISTED,
    OPENED,
    FETCHING,
    /** In the protocol that has schedules and orders; the others are in the first one. */
    GREETED_AS_AGENT_THAT_STAYS,
    ANNOUNCED;

    /** What an agent may say here. A type that is not named is taken for one that it may send once it has greeted. */
    boolean allows(MessageType type) {
        if (type.sender() == MessageType.Sender.SERVER) {
            return false;
        }
        return switch (type) {
            case HELLO -> this == CONNECTED;
            case BEGIN -> this != CONNECTED && !backingUp();
            case HAVE, PUT, COMMIT -> backingUp();
            case FETCH -> this == OPENED || this == FETCHING;
            case ANNOUNCE, REPORT, ASK_FLEET, GIVE_ORDER, CANCEL_ORDER ->
                this == GREETED_AS_AGENT_THAT_STAYS || this == ANNOUNCED;
            case RESTORES, ORDER_ADVANCED, ORDER_ENDED -> this == ANNOUNCED;
            case JOIN -> false; // only whoever comes by an invitation, who is no agent
            default -> this != CONNECTED;
        };
    }

    private boolean backingUp() {
        return this == BEGUN || this == ASKED_WHAT_IS_LACKING || this == PUTTING;
    }
}
