package dev.holdfast.server.session;

import dev.holdfast.core.fleet.Order;
import dev.holdfast.core.fleet.RestoreStatus;
import dev.holdfast.core.fleet.RunReport;
import dev.holdfast.core.fleet.VolumeStatus;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.List;
import java.util.UUID;

/** A server without any hosts to speak of. */
final class NoFleet implements FleetDesk {
    private static IllegalStateException unexpected() {
        return new IllegalStateException("no host tells anything here");
    }

    @Override
    public Standing stand(String host, Agent agent) {
        throw unexpected();
    }

    @Override
    public void reported(String host, RunReport report) {
        throw unexpected();
    }

    @Override
    public List<VolumeStatus> status() {
        return List.of();
    }

    @Override
    public List<RestoreStatus> restores() {
        return List.of();
    }

    @Override
    public void place(Order order, Customer customer) {
        throw Problem.of(ProblemCode.UNREACHABLE, "nobody is there", "").asException();
    }

    @Override
    public void cancel(UUID order, Customer customer) {
        throw unexpected();
    }
}
