package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Surroundings;
import dev.holdfast.cli.handover.Handover;
import dev.holdfast.cli.handover.TypedLine;
import dev.holdfast.cli.terminal.Terminal;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntConsumer;

/** Offers the command to the resident agent of this machine, if there is one and it is a command for it. */
final class AgentFirst {
    private AgentFirst() {}

    /**
     * @param build of this program; empty when the launcher did not start it, and nothing is handed over
     * @param exit ends the process
     */
    static Handover.Outcome attempt(
            String build, String[] words, Surroundings surroundings, Terminal.Shape shape, IntConsumer exit) {
        if (build.isEmpty() || !Handover.mayBe(words)) {
            return Handover.Outcome.NOBODY_THERE;
        }
        TypedLine line = TypedLine.ofThisProcess(
                build, shape, surroundings.workingDirectory().toString(), surroundings.environment(), List.of(words));
        Handover handover = new Handover(
                line, new FileOutputStream(FileDescriptor.out), new FileOutputStream(FileDescriptor.err), exit);
        try {
            return handover.attempt(surroundings.stateDirectory(
                    handover.said("--state", "HOLDFAST_STATE").map(Path::of)));
        } catch (InvalidPathException e) {
            return Handover.Outcome.NOBODY_THERE; // the parser of the words will say so
        }
    }
}
