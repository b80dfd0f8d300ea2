package dev.holdfast.agent.files;

/** Where a file is, for messages: put into words only when something fails. An empty name means the directory itself. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Place(NativeDirectory directory, byte[] name) {

    FileAccessException failure(String operation, long result) {
        return FileAccessException.of(operation, directory.printable(name), result);
    }

    FileAccessException failure(String operation, Errno errno, String reason) {
        return new FileAccessException(operation, directory.printable(name), errno, reason);
    }
}
