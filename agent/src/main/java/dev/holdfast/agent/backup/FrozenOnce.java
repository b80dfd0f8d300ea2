package dev.holdfast.agent.backup;

import dev.holdfast.agent.source.FrozenView;
import dev.holdfast.agent.source.Source;
import org.jspecify.annotations.Nullable;

/**
 * A source that is frozen when it is first needed, which is when the server has answered, and stays so over all attempts of a
 * run: what is stopped for a backup stands still no longer than it must.
 */
final class FrozenOnce implements AutoCloseable {
    private final Source source;
    private @Nullable FrozenView view;

    FrozenOnce(Source source) {
        this.source = source;
    }

    FrozenView view() {
        if (view == null) {
            view = source.freeze();
        }
        return view;
    }

    @Override
    public void close() {
        if (view != null) {
            view.close();
        }
    }
}
