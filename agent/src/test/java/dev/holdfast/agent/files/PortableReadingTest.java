package dev.holdfast.agent.files;

final class PortableReadingTest extends ReadingContract {
    @Override
    FileSystemView openView() {
        return Views.portable();
    }
}
