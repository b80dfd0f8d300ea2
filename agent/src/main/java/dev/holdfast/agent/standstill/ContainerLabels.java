package dev.holdfast.agent.standstill;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineContainer;
import dev.holdfast.agent.engine.FolderUse;
import dev.holdfast.agent.engine.FolderUsers;
import dev.holdfast.agent.engine.ListedContainer;
import dev.holdfast.agent.engine.SharedFolder;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.core.config.Consistency;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The labels by which containers say what becomes of them while what they use is backed up, and slips of the pen in them. */
public final class ContainerLabels {
    private static final String PREFIX = "holdfast";
    private static final List<String> KNOWN = List.of(Standstill.LABEL, Standstill.BEFORE, Standstill.AFTER);
    private static final List<String> WORDS =
            Arrays.stream(Consistency.values()).map(Consistency::word).toList();

    private ContainerLabels() {}

    /** Whether a container that is up has labels for us, be they right or wrong. */
    public static boolean areOn(ListedContainer listed) {
        return listed.isUp() && listed.labels().stream().anyMatch(ContainerLabels::isMeant);
    }

    private static boolean isMeant(String key) {
        return key.toLowerCase(Locale.ROOT).startsWith(PREFIX)
                || Configuration.nearest(key, KNOWN).isPresent();
    }

    /**
     * Whether a container with such labels uses that folder. Others are not looked at: what they have mounted may be out of reach.
     *
     * @throws dev.holdfast.core.problem.HoldfastException when the engine does not tell
     */
    public static boolean concern(Engine engine, SharedFolder folder) {
        return new FolderUsers(engine, folder)
                .find(ContainerLabels::areOn).stream().anyMatch(ContainerLabels::isHeeded);
    }

    /** Whether what its labels say happens when that folder is backed up. */
    public static boolean isHeeded(FolderUse use) {
        return !use.wide() && !use.container().own();
    }

    /** What its labels ask for, of those that mean something; {@code CONFIG} for a word that means nothing. */
    static Consistency consistency(EngineContainer container, Consistency unlabelled) {
        String word = container.labels().getOrDefault(Standstill.LABEL, "").strip();
        return word.isEmpty()
                ? unlabelled
                : Consistency.parse(word)
                        .orElseThrow(() -> unknown(container, Standstill.LABEL, word, WORDS)
                                .asException());
    }

    /** Those of its labels that mean nothing, each with what to write instead. */
    public static List<Problem> slips(EngineContainer container) {
        List<Problem> slips = new ArrayList<>();
        for (Map.Entry<String, String> label : container.labels().entrySet()) {
            String key = label.getKey();
            String word = label.getValue().strip();
            if (!KNOWN.contains(key) && isMeant(key)) {
                slips.add(unknown(container, key, word, KNOWN));
            } else if (key.equals(Standstill.LABEL)
                    && !word.isEmpty()
                    && Consistency.parse(word).isEmpty()) {
                slips.add(unknown(container, key, word, WORDS));
            }
        }
        return slips;
    }

    /** @param known keys, or words for the one key that takes words */
    private static Problem unknown(EngineContainer container, String key, String word, List<String> known) {
        boolean wrongWord = known.equals(WORDS);
        Optional<String> meant = Configuration.nearest(wrongWord ? word : key, known);
        String right = meant.map(near -> wrongWord ? key + "=" + near : near + "=" + word)
                .map(label -> "Did you mean " + label + "? ")
                .orElse("");
        String all = String.join(", ", known);
        return Problem.of(
                ProblemCode.CONFIG,
                "container '" + container.name() + "' has the label " + key + "=" + word + ", which means nothing",
                right + (wrongWord ? key + " is one of " + all : "There are " + all)
                        + ". A container gets its labels when it is made: make it anew with the right one.");
    }
}
