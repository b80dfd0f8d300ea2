package dev.holdfast.server.session;

import dev.holdfast.core.fleet.Announcement;
import dev.holdfast.core.fleet.OpenRestore;
import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.OrderEnd;
import dev.holdfast.core.fleet.OrderProgress;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** What sessions tell about the work of hosts, and ask; called from their threads. It believes a host only about itself. */
public interface FleetDesk {
    /** The agent of a host, as far as work can be given to it. */
    interface Agent {
        void give(Order order) throws IOException;

        void cancel(UUID order) throws IOException;
    }

    /** A session that an agent keeps open; closing it says that the agent has gone. */
    interface Standing extends AutoCloseable {
        void announced(Announcement announcement);

        /** All restores of the host that have not come to their end. */
        void restoring(List<OpenRestore.Told> restores);

        void advanced(OrderProgress progress);

        void ended(OrderEnd end);

        @Override
        void close();
    }

    /** Whoever gave an order. Both return at once; nothing follows the end. */
    interface Customer {
        void advanced(OrderProgress progress);

        void ended(OrderEnd end);
    }

    /** The agent of the host is there; one that was there before is not heard any more. */
    Standing stand(String host, Agent agent);

    void reported(String host, RunReport report);

    /** Every volume of every host that is backed up to this server. */
    List<VolumeStatus> status();

    /** Every restore that is at work on a host, or was left half done there, as far as agents have told. */
    List<RestoreStatus> restores();

    /**
     * Hands the order to the agent of its host. Whether the customer may give it was asked before; whether it is carried out is for that
     * host to say.
     *
     * @throws dev.holdfast.core.problem.HoldfastException when the host is not there, or has enough to do
     */
    void place(Order order, Customer customer);

    /** The customer of the order does not want it any more. */
    void cancel(UUID order, Customer customer);
}
