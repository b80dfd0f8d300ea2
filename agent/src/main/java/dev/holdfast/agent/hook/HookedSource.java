package dev.holdfast.agent.hook;

import dev.holdfast.agent.source.FrozenView;
import dev.holdfast.agent.source.Source;
import dev.holdfast.core.problem.HoldfastException;
import java.nio.file.Path;
import java.util.SortedMap;

/** A source with the commands of its volume around it. */
record HookedSource(Source source, VolumeHooks hooks) implements Source {
    @Override
    public FrozenView freeze() {
        OwedHook owed = hooks.begin();
        try {
            hooks.before();
            return new View(source.freeze(), hooks, owed);
        } catch (RuntimeException e) {
            try (owed) {
                hooks.settle(owed);
            } catch (HoldfastException after) {
                e.addSuppressed(after);
            }
            throw e;
        }
    }

    private record View(FrozenView view, VolumeHooks hooks, OwedHook owed) implements FrozenView {
        @Override
        public Path root() {
            return view.root();
        }

        @Override
        public SortedMap<String, String> properties() {
            return view.properties();
        }

        @Override
        public void requireThere() {
            view.requireThere();
        }

        /** What is run before is believed to have a reason. */
        @Override
        public boolean still() {
            return hooks.haveBefore() || view.still();
        }

        @Override
        public void requireHeld() {
            view.requireHeld();
        }

        @Override
        public void close() {
            try (owed) {
                try {
                    view.close();
                } finally {
                    hooks.settle(owed);
                }
            }
        }
    }
}
