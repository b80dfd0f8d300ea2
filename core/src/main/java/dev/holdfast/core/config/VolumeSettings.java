package dev.holdfast.core.config;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What holds for a volume on one machine: what the machine says itself, then what is said for the volume everywhere, then the default.
 *
 * @param where the machine's place in the file, such as {@code clients[0]}
 * @param own what is different on the machine, by volume name
 * @param root the folder whose sub-folders are the machine's volumes
 */
record VolumeSettings(Configuration configuration, String where, Map<String, VolumeRules> own, Optional<Path> root) {

    HostVolume of(String name) {
        if (!Names.isSafe(name)) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "no volume can be called '" + Findings.brief(name) + "'",
                            "A name has " + Names.RULE + ".")
                    .asException();
        }
        Setting<Optional<Path>> said = said(name, "path", VolumeRules::path);
        boolean inRoot = said.value().isEmpty() && root.isPresent();
        return new HostVolume(
                name,
                inRoot ? inRoot(name) : said,
                inRoot,
                patterns(name, "include", VolumeRules::include),
                patterns(name, "exclude", VolumeRules::exclude),
                consistency(name),
                hooks(name));
    }

    private Setting<Optional<Path>> inRoot(String name) {
        return new Setting<>(
                root.map(folder -> folder.resolve(name)),
                configuration.origins().of(where + ".volume_root"));
    }

    private Setting<Consistency> consistency(String name) {
        Setting<Optional<Consistency>> said = said(name, "consistency", VolumeRules::consistency);
        return new Setting<>(said.value().orElse(Consistency.LIVE), said.origin());
    }

    private Setting<Hooks> hooks(String name) {
        Setting<Optional<Hooks>> said = said(name, "hooks", VolumeRules::hooks);
        return new Setting<>(said.value().orElse(Hooks.NONE), said.origin());
    }

    private Setting<List<String>> patterns(
            String name, String key, Function<VolumeRules, Optional<List<String>>> rule) {
        Setting<Optional<List<String>>> said = said(name, key, rule);
        return new Setting<>(said.value().orElse(List.of()), said.origin());
    }

    private <T> Setting<Optional<T>> said(String name, String key, Function<VolumeRules, Optional<T>> rule) {
        Optional<T> here = Optional.ofNullable(own.get(name)).flatMap(rule);
        if (here.isPresent()) {
            return new Setting<>(here, configuration.origins().of(where + ".volumes." + name + "." + key));
        }
        Optional<Volume> volume = configuration.findVolume(name);
        Optional<T> everywhere = volume.map(Volume::rules).flatMap(rule);
        String path = "volumes[" + volume.map(configuration.volumes()::indexOf).orElse(-1) + "]." + key;
        return new Setting<>(
                everywhere, everywhere.isPresent() ? configuration.origins().of(path) : Origin.DEFAULT);
    }
}
