package dev.holdfast.server.index;

class MemoryIndexTest extends ObjectIndexContract {
    @Override
    ObjectIndex open() {
        return new MemoryIndex(random.nextLong());
    }
}
