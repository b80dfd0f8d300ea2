package dev.holdfast.agent.files;

final class NativeReadingTest extends ReadingContract {
    @Override
    FileSystemView openView() {
        return Views.natively();
    }
}
