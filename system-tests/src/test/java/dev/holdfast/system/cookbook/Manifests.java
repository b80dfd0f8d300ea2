package dev.holdfast.system.cookbook;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The YAML blocks of a page, read into the types of Kubernetes' own interface; a field that those do not know is an error. */
final class Manifests {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1/ConfigMap", ConfigMap.class,
            "v1/PersistentVolumeClaim", PersistentVolumeClaim.class,
            "batch/v1/CronJob", CronJob.class,
            "batch/v1/Job", Job.class,
            "apps/v1/DaemonSet", DaemonSet.class);
    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .setAnnotationIntrospector(new NothingBeside());

    private Manifests() {}

    /** The types keep what they do not know in a map beside their fields; without that, it is an error. */
    private static final class NothingBeside extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated annotated) {
            return false;
        }
    }

    static List<String> blocks(Path page) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(Files.readString(page));
        while (found.find()) {
            blocks.add(found.group(1));
        }
        return blocks;
    }

    static List<HasMetadata> read(Path page) throws IOException {
        List<HasMetadata> manifests = new ArrayList<>();
        for (String block : blocks(page)) {
            manifests.add(read(block));
        }
        return manifests;
    }

    /** Throws {@code IllegalArgumentException} for a field, kind or value that Kubernetes would refuse or pass over. */
    static HasMetadata read(String yaml) {
        Object tree = yaml(yaml);
        Map<?, ?> fields = tree instanceof Map<?, ?> map ? map : Map.of();
        String kind = fields.get("apiVersion") + "/" + fields.get("kind");
        Class<? extends HasMetadata> type = KINDS.get(kind);
        if (type == null) {
            throw new IllegalArgumentException("no manifest that this test knows: " + kind);
        }
        return STRICT.convertValue(tree, type);
    }

    /** Keys that stand twice are an error here. */
    static Object yaml(String text) {
        return new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    static Optional<PodSpec> pod(HasMetadata manifest) {
        if (manifest instanceof CronJob cron) {
            return Optional.of(
                    cron.getSpec().getJobTemplate().getSpec().getTemplate().getSpec());
        }
        if (manifest instanceof Job job) {
            return Optional.of(job.getSpec().getTemplate().getSpec());
        }
        return manifest instanceof DaemonSet set
                ? Optional.of(set.getSpec().getTemplate().getSpec())
                : Optional.empty();
    }
}
