package dev.holdfast.server.daemon;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.disk.AtomicFile;
import dev.holdfast.server.disk.RealDisk;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Remembers, outside the data folder, which repository this server keeps: so an empty folder where a disk should be mounted is not
 * taken for a new beginning, nor another repository for this one. The file {@code repository} in the state folder holds its id.
 */
final class OwnRepository {
    static final String FILE = "repository";

    private final Path file;
    private final Path data;
    private final Optional<UUID> known;

    private OwnRepository(Path file, Path data, Optional<UUID> known) {
        this.file = file;
        this.data = data;
        this.known = known;
    }

    /** Reads which one it was at the last start; {@code anew} when a person said that it may be another one from now on. */
    static OwnRepository of(ServerSetup setup, boolean anew) throws IOException {
        Path file = setup.state().resolve(FILE);
        return new OwnRepository(
                file, setup.data(), anew || !Files.exists(file) ? Optional.empty() : Optional.of(read(file)));
    }

    private static UUID read(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        try {
            return UUID.fromString(text.strip());
        } catch (IllegalArgumentException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.DAMAGE,
                            file + " does not hold the id of a repository",
                            "Make sure that `data` of this server in the configuration is the folder of its backups, then"
                                    + " delete the file: the next start writes it."),
                    e);
        }
    }

    /** Asked before anything is made in the data folder. */
    void requireThere() {
        if (known.isPresent() && !Files.exists(data.resolve(Repository.FILE))) {
            throw refused(
                    "there is no repository in " + data + ", and this server has kept " + known.get() + " so far");
        }
    }

    /** Asked once it is open; remembers it from now on. */
    void requireIs(UUID id) throws IOException {
        if (known.isPresent() && !known.get().equals(id)) {
            throw refused(data + " holds repository " + id + ", and this server has kept " + known.get() + " so far");
        }
        byte[] text = (id + "\n").getBytes(StandardCharsets.UTF_8);
        if (known.isEmpty()) {
            AtomicFile.write(new RealDisk(), file, text);
        }
    }

    private static HoldfastException refused(String message) {
        return Problem.of(
                        ProblemCode.FAILED,
                        message,
                        "Mount the disk that holds the backups, or correct `data` of this server in the configuration. If"
                                + " it is meant to be another repository from now on: `holdfast server start"
                                + " --new-repository`.")
                .asException();
    }
}
