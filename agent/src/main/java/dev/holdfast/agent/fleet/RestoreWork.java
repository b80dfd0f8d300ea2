package dev.holdfast.agent.fleet;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.progress.Progress;
import java.util.function.Consumer;

/** Carries out the restore of an order that this host allows, in the thread that asks for it. */
public interface RestoreWork {
    /**
     * Does what the command on this host would do.
     *
     * @param server from which the order came
     * @param onCancel takes what is to be done when it is not wanted any more
     */
    OrderEnd restore(
            Configuration configuration, String server, Order order, Progress watcher, Consumer<Runnable> onCancel);
}
