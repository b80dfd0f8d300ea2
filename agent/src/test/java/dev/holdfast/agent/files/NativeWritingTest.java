package dev.holdfast.agent.files;

final class NativeWritingTest extends WritingContract {
    @Override
    FileSystemView openView() {
        return Views.natively();
    }
}
