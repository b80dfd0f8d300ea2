package dev.holdfast.agent.link;

import dev.holdfast.core.progress.Progress;
import dev.holdfast.core.wire.Message;

/** What a server tells of a run of its own, as steps for whoever watches here. */
final class LocalProgress {
    private final Progress progress;
    private long files;
    private long bytes;
    private long totalFiles;
    private long totalBytes;

    LocalProgress(Progress progress) {
        this.progress = progress;
    }

    void told(Message.TakingLocal far) {
        if (far.totalFiles() != totalFiles || far.totalBytes() != totalBytes) {
            totalFiles = far.totalFiles();
            totalBytes = far.totalBytes();
            progress.total(totalFiles, totalBytes);
        }
        if (far.files() > files || far.bytes() > bytes) {
            progress.advanced(Math.max(0, far.files() - files), Math.max(0, far.bytes() - bytes));
            files = far.files();
            bytes = far.bytes();
        }
    }
}
