package dev.holdfast.core.fleet;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.Optional;
import java.util.UUID;

/**
 * What became of an order.
 *
 * @param problem why it was not carried out, or not wholly; empty when all is well
 * @param made the snapshot that a backup made, or what a restore brought back of one: then sent by the server, and not restored
 * @param text what the host has to say of it, in lines for a person
 */
public record OrderEnd(UUID order, Optional<Problem> problem, RunReport.Made made, String text) {

    public static OrderEnd refused(UUID order, Problem problem) {
        return new OrderEnd(order, Optional.of(problem), RunReport.Made.NOTHING, "");
    }

    public void encode(Encoder out) {
        out.u64(order.getMostSignificantBits()).u64(order.getLeastSignificantBits());
        out.u8(problem.isPresent() ? 1 : 0);
        problem.ifPresent(why -> out.string(why.code().name())
                .string(FleetLimits.clip(why.message()))
                .string(FleetLimits.clip(why.hint())));
        out.string(made.snapshot()).varint(made.files()).varint(made.bytes());
        out.varint(made.bytesSent()).varint(made.unreadable()).string(FleetLimits.clip(text));
    }

    public static OrderEnd decode(Decoder in) throws MalformedException {
        UUID order = Order.id(in);
        Optional<Problem> problem = FleetLimits.flag(in) ? Optional.of(problem(in)) : Optional.empty();
        RunReport.Made made = new RunReport.Made(
                in.string(FleetLimits.NAME_BYTES), in.positive(), in.positive(), in.positive(), in.positive());
        return new OrderEnd(order, problem, made, in.string(FleetLimits.TEXT_BYTES));
    }

    private static Problem problem(Decoder in) throws MalformedException {
        String name = in.string(FleetLimits.NAME_BYTES);
        ProblemCode code = ProblemCode.FAILED;
        for (ProblemCode known : ProblemCode.values()) {
            code = known.name().equals(name) ? known : code;
        }
        return Problem.of(code, in.string(FleetLimits.TEXT_BYTES), in.string(FleetLimits.TEXT_BYTES));
    }
}
