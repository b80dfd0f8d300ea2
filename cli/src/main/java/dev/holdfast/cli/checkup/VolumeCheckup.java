package dev.holdfast.cli.checkup;

import dev.holdfast.cli.machine.VolumePlaces;
import dev.holdfast.core.config.HostVolume;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether volumes are where the configuration says, or where the container engine has them, and can be read. */
final class VolumeCheckup {
    private final VolumePlaces places;

    private final LabelCheckup labels;

    /** @param machine what to call it, such as {@code client 'alice'} */
    VolumeCheckup(VolumePlaces places, String machine) {
        this.places = places;
        this.labels = new LabelCheckup(places, machine);
    }

    /** A line for each, and what there is to say of the containers that use them. */
    List<Finding> look(List<HostVolume> volumes) {
        List<Finding> findings = new ArrayList<>();
        volumes.stream().map(this::look).forEach(findings::add);
        findings.addAll(labels.look(volumes));
        return findings;
    }

    private Finding look(HostVolume volume) {
        String subject = "volume " + volume.name();
        try {
            Optional<Path> folder = places.folder(volume);
            if (folder.isEmpty()) {
                return Finding.ok(
                        subject, readable(places.inEngine(volume)) + ", of the container engine, can be read");
            }
            return Files.exists(folder.get()) ? folder(volume, folder.get()) : missing(volume, folder.get());
        } catch (HoldfastException e) {
            return Finding.failed(subject, e.problem());
        }
    }

    private Finding folder(HostVolume volume, Path path) {
        String subject = "volume " + volume.name();
        String text = readable(path) + " can be read";
        return places.hidesEngines(volume)
                ? Finding.warning(subject, text + "; " + VolumePlaces.HIDES, VolumePlaces.HIDES_HINT)
                : Finding.ok(subject, text);
    }

    private static Finding missing(HostVolume volume, Path path) {
        if (volume.hooks().value().before().isPresent()) {
            return Finding.ok("volume " + volume.name(), path + " is not there now; its `before` hook is to make it");
        }
        throw Problem.of(
                        ProblemCode.NOT_FOUND,
                        path + " does not exist",
                        "Create it, or correct its place (" + volume.path().origin() + ").")
                .asException();
    }

    private static String readable(Path path) {
        if (!Files.isReadable(path)) {
            throw Problem.of(
                            ProblemCode.IO,
                            path + " cannot be read",
                            "Run Holdfast as a user who may, or change its permissions: `ls -ld " + path + "`.")
                    .asException();
        }
        return path.toString();
    }
}
