package dev.holdfast.cli.command;

import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Volume;
import dev.holdfast.core.config.VolumeRules;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the configuration says of the folder of a volume on this machine, whether this machine is in it or not. A configuration that has
 * a folder for the volume on some machine is asked only for a machine that is known: the files of another volume would be taken, or
 * made, in silence. One that has none on any is not needed.
 */
final class WrittenFolder {
    /** That there is a configuration that counts, and the folder that it says, if any. */
    record Word(Optional<Path> folder) {}

    private final Session session;
    private final String volume;

    WrittenFolder(Session session, String volume) {
        this.session = session;
        this.volume = volume;
    }

    /** Empty when there is no configuration and none was named, or when it is not needed. */
    Optional<Word> word() {
        return configuration().flatMap(this::word);
    }

    private Optional<Word> word(Configuration configuration) {
        try {
            String machine = session.identity(configuration).name();
            return Optional.of(new Word(folder(configuration, machine)));
        } catch (HoldfastException e) {
            if (e.problem().code() != ProblemCode.USAGE) {
                throw e; // somebody said who this machine is, and that is wrong
            }
            if (configuration.machines().stream()
                    .anyMatch(machine -> folder(configuration, machine).isPresent())) {
                throw new HoldfastException(undecided(configuration), e);
            }
        }
        session.remark("the configuration " + configuration.file() + " is not used: which machine this is was not said,"
                + " and it has no folder for volume '" + volume + "' on any");
        return Optional.empty();
    }

    private Optional<Path> folder(Configuration configuration, String machine) {
        return configuration.findClient(machine).isPresent()
                ? configuration.forHost(machine).volume(volume).path().value()
                : configuration.findVolume(volume).map(Volume::rules).flatMap(VolumeRules::path);
    }

    private Problem undecided(Configuration configuration) {
        return Problem.of(
                ProblemCode.USAGE,
                "where volume '" + volume + "' lies depends on which machine this is, and that was not said",
                "Add `--as NAME`; NAME is one of " + String.join(", ", configuration.machines()) + ". "
                        + withoutConfiguration());
    }

    private String withoutConfiguration() {
        return "Or name the folder itself, such as `./" + volume + "`: that needs no configuration.";
    }

    private Optional<Configuration> configuration() {
        try {
            return Optional.of(session.configuration());
        } catch (HoldfastException e) {
            Problem problem = e.problem();
            if (problem.code() == ProblemCode.NOT_FOUND) {
                if (session.options().path().isEmpty()) {
                    return Optional.empty();
                }
                throw e;
            }
            String hint = (problem.hint() + " " + withoutConfiguration()).strip();
            throw new HoldfastException(new Problem(problem.code(), problem.message(), hint, problem.context()), e);
        }
    }
}
