package dev.holdfast.core.wire;

import dev.holdfast.core.object.SealedObject;

/**
 * The types of messages: the number on the wire, who may send it, and the longest body that a frame of it may have.
 * {@code docs/protocol.md} has the same as a table, and a test compares them.
 */
public enum MessageType {
    HELLO(1, Sender.AGENT, 512),
    WELCOME(2, Sender.SERVER, 1024),
    BEGIN(3, Sender.AGENT, 1024),
    BEGUN(4, Sender.SERVER, 4352),
    HAVE(5, Sender.AGENT, 264 << 10),
    LACK(6, Sender.SERVER, 2048),
    PUT(7, Sender.BOTH, SealedObject.MAX_BYTES),
    COMMIT(8, Sender.AGENT, 64),
    COMMITTED(9, Sender.SERVER, 4352),
    LIST_RECORDS(10, Sender.AGENT, 1024),
    RECORD_ITEM(11, Sender.SERVER, 4352),
    RECORDS_END(12, Sender.SERVER, 4112),
    OPEN(13, Sender.AGENT, 1024),
    FETCH(14, Sender.AGENT, 400 << 10),
    FETCHED(15, Sender.SERVER, 16),
    ASK_GRANT(16, Sender.AGENT, 1024),
    GRANT(17, Sender.SERVER, 16),
    FAILURE(18, Sender.SERVER, 20 << 10),
    BYE(19, Sender.AGENT, 16),
    PING(20, Sender.AGENT, 16),
    PONG(21, Sender.SERVER, 16),
    DAMAGED(22, Sender.SERVER, 10 << 10),
    JOIN(23, Sender.AGENT, 64),
    JOINED(24, Sender.SERVER, 65 << 10),
    ASK_LOCAL(25, Sender.AGENT, 512),
    LOCAL(26, Sender.SERVER, 8448),
    TAKE_LOCAL(27, Sender.AGENT, 512),
    TAKING_LOCAL(28, Sender.SERVER, 64),
    TAKEN_LOCAL(29, Sender.SERVER, 4352),
    ANNOUNCE(30, Sender.AGENT, 288 << 10),
    REPORT(31, Sender.AGENT, 20 << 10),
    ASK_FLEET(32, Sender.AGENT, 1024),
    FLEET_ITEM(33, Sender.SERVER, 20 << 10),
    FLEET_END(34, Sender.SERVER, 32),
    GIVE_ORDER(35, Sender.BOTH, 136 << 10),
    CANCEL_ORDER(36, Sender.BOTH, 32),
    ORDER_ADVANCED(37, Sender.BOTH, 10 << 10),
    ORDER_ENDED(38, Sender.BOTH, 26 << 10),
    ASK_KEYRING(39, Sender.AGENT, 512),
    KEYRING(40, Sender.SERVER, 65 << 10),
    RESTORES(41, Sender.AGENT, 160 << 10),
    RESTORE_ITEM(42, Sender.SERVER, 10 << 10),
    RESTORE_UNHEARD(43, Sender.SERVER, 10 << 10);

    /** Who may send it. */
    public enum Sender {
        AGENT,
        SERVER,
        BOTH
    }

    private static final MessageType[] BY_NUMBER = values();

    private final int number;
    private final Sender sender;
    private final int maxBodyBytes;

    MessageType(int number, Sender sender, int maxBodyBytes) {
        this.number = number;
        this.sender = sender;
        this.maxBodyBytes = maxBodyBytes;
    }

    public int number() {
        return number;
    }

    public Sender sender() {
        return sender;
    }

    public int maxBodyBytes() {
        return maxBodyBytes;
    }

    static boolean known(int number) {
        return number >= 1 && number <= BY_NUMBER.length;
    }

    static MessageType ofNumber(int number) {
        return BY_NUMBER[number - 1];
    }
}
