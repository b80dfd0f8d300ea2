package dev.holdfast.agent.archive;

import java.io.IOException;

/** An archive is not what a tar file can be, or asks for what is not done. */
final class MalformedArchiveException extends IOException {
    MalformedArchiveException(String message) {
        super(message);
    }
}
