package dev.holdfast.agent.files;

final class PortableWritingTest extends WritingContract {
    @Override
    FileSystemView openView() {
        return Views.portable();
    }
}
