package dev.holdfast.core.config;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What came of reading a file: a configuration, or everything that is wrong with it. */
public record Reading(Path file, Optional<Configuration> configuration, List<ConfigurationProblem> problems) {
    public Reading {
        problems = List.copyOf(problems);
    }

    /** The configuration, or all its problems as one exception. */
    public Configuration orThrow() {
        return configuration.orElseThrow(() -> {
            String count = problems.size() == 1 ? "1 problem" : problems.size() + " problems";
            return Problem.of(
                            ProblemCode.CONFIG,
                            count + " in " + file + "\n" + ConfigurationProblem.render(problems),
                            "Correct the file, then run `holdfast config validate`.")
                    .asException();
        });
    }
}
