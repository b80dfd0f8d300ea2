package dev.holdfast.cli.checkup;

import dev.holdfast.agent.engine.Engine;
import dev.holdfast.agent.engine.EngineContainer;
import dev.holdfast.agent.engine.FolderUse;
import dev.holdfast.agent.engine.FolderUsers;
import dev.holdfast.agent.standstill.ContainerLabels;
import dev.holdfast.cli.machine.VolumePlaces;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether what running containers say by labels has any effect on the backups of this machine. */
final class LabelCheckup {
    private static final String SUBJECT = "labels";

    private final VolumePlaces places;
    private final String machine;

    /** @param machine what to call it, such as {@code client 'alice'} */
    LabelCheckup(VolumePlaces places, String machine) {
        this.places = places;
        this.machine = machine;
    }

    /** Nothing where there is no engine, or nobody has labels for us. */
    List<Finding> look(List<HostVolume> volumes) {
        try {
            return places.engineForLook().map(engine -> look(engine, volumes)).orElse(List.of());
        } catch (HoldfastException e) {
            return List.of(Finding.ok(
                    SUBJECT,
                    "whether containers have labels is not known: "
                            + e.problem().message()));
        }
    }

    private List<Finding> look(Engine engine, List<HostVolume> volumes) {
        List<EngineContainer> labelled = engine.containers(ContainerLabels::areOn);
        Map<String, Boolean> heeded = labelled.isEmpty() ? Map.of() : heeded(engine, volumes);
        List<Finding> findings = new ArrayList<>();
        for (EngineContainer container : labelled) {
            List<Problem> slips = ContainerLabels.slips(container);
            slips.forEach(slip -> findings.add(Finding.warning(SUBJECT, slip.message(), slip.hint())));
            if (container.own()) {
                findings.add(without(container, "this program runs in it", "Take them off: it is never held still."));
            } else if (!heeded.containsKey(container.id())) {
                findings.add(without(
                        container,
                        "it uses no volume that " + machine + " backs up",
                        "Look what it has mounted: `" + engine.program() + " inspect " + container.name() + "`."));
            } else if (!heeded.getOrDefault(container.id(), false)) {
                findings.add(without(
                        container,
                        "what it has mounted holds volumes of " + machine + " among others, which is no use of them",
                        "Give it a mount of the volume itself, or hold it still by the `hooks` of the volume."));
            } else if (slips.isEmpty()) {
                findings.add(Finding.ok(SUBJECT, "those of container '" + container.name() + "' are understood"));
            }
        }
        return findings;
    }

    /** By id, the containers that have to do with a volume, and whether what they say counts for one. */
    private Map<String, Boolean> heeded(Engine engine, List<HostVolume> volumes) {
        Map<String, Boolean> heeded = new HashMap<>();
        for (HostVolume volume : volumes) {
            for (FolderUse use : users(engine, volume)) {
                heeded.merge(use.container().id(), ContainerLabels.isHeeded(use), Boolean::logicalOr);
            }
        }
        return heeded;
    }

    private List<FolderUse> users(Engine engine, HostVolume volume) {
        try {
            return new FolderUsers(engine, places.shared(volume)).find(ContainerLabels::areOn);
        } catch (HoldfastException e) {
            return List.of(); // that the volume is not there is a finding of its own
        }
    }

    private static Finding without(EngineContainer container, String why, String hint) {
        return Finding.warning(SUBJECT, "those of container '" + container.name() + "' have no effect: " + why, hint);
    }
}
