package dev.holdfast.server.session;

import dev.holdfast.core.snapshot.SnapshotRecord;

/** Told what sessions do; called from their threads. */
public interface Activity {
    void began(String host, String volume);

    void committed(SnapshotRecord record);

    /** The session's work on a volume ended, with or without a commit. */
    void ended(String host, String volume);

    Activity NONE = new Activity() {
        @Override
        public void began(String host, String volume) {}

        @Override
        public void committed(SnapshotRecord record) {}

        @Override
        public void ended(String host, String volume) {}
    };
}
