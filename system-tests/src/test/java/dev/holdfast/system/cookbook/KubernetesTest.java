package dev.holdfast.system.cookbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.cli.command.Session;
import dev.holdfast.cli.command.Surroundings;
import dev.holdfast.cli.launch.Program;
import dev.holdfast.cli.terminal.Terminal;
import dev.holdfast.core.config.ConfigurationReader;
import dev.holdfast.core.schedule.Cron;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The manifests of docs/cookbook/kubernetes.md: what the types of Kubernetes' interface see, and what they do not. */
final class KubernetesTest {
    private static final Path PAGE = Path.of("../docs/cookbook/kubernetes.md");
    private static final Path PAGE_OF_IMAGE = Path.of("../docs/cookbook/agent-in-a-container.md");
    /** RFC 1123 labels; of a CronJob eleven characters fewer, for the names of its jobs. */
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_CRON_JOB = 52;
    private static final int OWNER_ONLY = 0400;
    /** Made by commands of the page, or the reader's own. */
    private static final Set<String> FOUND_THERE = Set.of("holdfast-keys", "orders");

    private List<HasMetadata> manifests = List.of();

    @BeforeEach
    void readThePage() throws IOException {
        manifests = Manifests.read(PAGE);
    }

    private <T> List<T> all(Class<T> type) {
        return manifests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private List<PodSpec> pods() {
        return manifests.stream()
                .flatMap(manifest -> Manifests.pod(manifest).stream())
                .toList();
    }

    private static List<Container> containers(PodSpec pod) {
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .toList();
    }

    private List<Container> containers() {
        return pods().stream().flatMap(pod -> containers(pod).stream()).toList();
    }

    @Test
    void thereAreABackupARestoreAndAnAgentThatStays() {
        assertThat(all(CronJob.class)).hasSize(1);
        assertThat(all(DaemonSet.class)).hasSize(1);
        assertThat(containers().stream().map(container -> container.getArgs().get(0)))
                .contains("configure", "backup", "restore", "schedule");
    }

    @Test
    void aSlipInAFieldIsSeen() throws IOException {
        String cronJob = Manifests.blocks(PAGE).stream()
                .filter(block -> block.contains("kind: CronJob"))
                .findFirst()
                .orElseThrow();
        for (String field : List.of("concurrencyPolicy", "mountPath", "drop", "claimName", "onExitCodes", "values")) {
            String slip = cronJob.replaceFirst(field + ":", field + "s:");
            assertThatThrownBy(() -> Manifests.read(slip))
                    .as(field)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(field + "s");
        }
    }

    @Test
    void namesAreSuchAsKubernetesTakes() {
        Set<String> names = new HashSet<>();
        for (HasMetadata manifest : manifests) {
            String name = manifest.getMetadata().getName();
            assertThat(name).matches(LABEL).hasSizeLessThanOrEqualTo(LONGEST_LABEL);
            assertThat(names.add(manifest.getKind() + "/" + name)).as(name).isTrue();
        }
        all(CronJob.class)
                .forEach(cron -> assertThat(cron.getMetadata().getName()).hasSizeLessThanOrEqualTo(LONGEST_CRON_JOB));
        for (PodSpec pod : pods()) {
            List<String> inside = new ArrayList<>();
            containers(pod).forEach(container -> inside.add(container.getName()));
            assertThat(inside).doesNotHaveDuplicates().allMatch(name -> name.matches(LABEL));
        }
    }

    @Test
    void whatIsMountedIsAVolumeAndEveryVolumeIsMounted() {
        for (PodSpec pod : pods()) {
            Set<String> volumes = pod.getVolumes().stream().map(Volume::getName).collect(Collectors.toSet());
            Set<String> mounted = new HashSet<>();
            for (Container container : containers(pod)) {
                List<String> paths = container.getVolumeMounts().stream()
                        .map(VolumeMount::getMountPath)
                        .toList();
                assertThat(paths).doesNotHaveDuplicates().allMatch(path -> path.startsWith("/"));
                container.getVolumeMounts().forEach(mount -> mounted.add(mount.getName()));
            }
            assertThat(volumes).isEqualTo(mounted).hasSameSizeAs(pod.getVolumes());
        }
    }

    @Test
    void whatVolumesReferToIsOnThePage() {
        Set<String> known = new TreeSet<>(FOUND_THERE);
        all(ConfigMap.class).forEach(map -> known.add(map.getMetadata().getName()));
        all(PersistentVolumeClaim.class)
                .forEach(claim -> known.add(claim.getMetadata().getName()));
        for (PodSpec pod : pods()) {
            for (Volume volume : pod.getVolumes()) {
                List<String> sources = Stream.of(
                                Optional.ofNullable(volume.getConfigMap()).map(source -> source.getName()),
                                Optional.ofNullable(volume.getSecret()).map(source -> source.getSecretName()),
                                Optional.ofNullable(volume.getPersistentVolumeClaim())
                                        .map(source -> source.getClaimName()),
                                Optional.ofNullable(volume.getHostPath()).map(source -> source.getPath()))
                        .flatMap(Optional::stream)
                        .toList();
                assertThat(sources)
                        .as(volume.getName())
                        .singleElement()
                        .matches(source -> source.startsWith("/") || known.contains(source));
            }
        }
    }

    @Test
    void secretsAreForTheirOwnerAlone() {
        List<Integer> modes = pods().stream()
                .flatMap(pod -> pod.getVolumes().stream())
                .flatMap(volume -> Optional.ofNullable(volume.getSecret()).stream())
                .map(secret -> secret.getDefaultMode())
                .toList();

        assertThat(modes).isNotEmpty().containsOnly(OWNER_ONLY);
    }

    @Test
    void theProgramUnderstandsItsArguments() {
        Session session = new Session(
                new Terminal(
                        OutputStream.nullOutputStream(),
                        OutputStream.nullOutputStream(),
                        Terminal.Keyboard.NOBODY,
                        Terminal.Shape.PIPES),
                new Surroundings(Map.of(), Path.of("/"), Path.of("/"), true),
                InstantSource.system(),
                new SecureRandom());
        for (Container container : containers()) {
            assertThat(container.getCommand())
                    .as("a shell or the like before the program")
                    .isEmpty();
            Program.commandLine(session).parseArgs(container.getArgs().toArray(String[]::new));
        }
    }

    @Test
    void timesAreSuchAsCronKnows() throws Exception {
        for (CronJob cron : all(CronJob.class)) {
            assertThat(Cron.parse(cron.getSpec().getSchedule()).text().split(" "))
                    .hasSize(5);
            assertThat(ZoneId.of(cron.getSpec().getTimeZone())).isNotNull();
            assertThat(cron.getSpec().getConcurrencyPolicy()).isEqualTo("Forbid");
        }
    }

    @Test
    void exitCodesThatEndAJobAreThoseOfTheProgram() throws IOException {
        String known = Files.readString(Path.of("../docs/reference.md"));
        for (CronJob cron : all(CronJob.class)) {
            JobSpec job = cron.getSpec().getJobTemplate().getSpec();
            PodSpec pod = job.getTemplate().getSpec();
            assertThat(pod.getRestartPolicy()).isEqualTo("Never");
            for (PodFailurePolicyRule rule : job.getPodFailurePolicy().getRules()) {
                assertThat(containers(pod).stream().map(Container::getName))
                        .contains(rule.getOnExitCodes().getContainerName());
                assertThat(rule.getOnExitCodes().getValues())
                        .isSorted()
                        .doesNotHaveDuplicates()
                        .doesNotContain(0, 13, 15)
                        .allMatch(code -> known.contains(" " + code + " "));
            }
        }
    }

    @Test
    void configurationsAreValid() {
        for (ConfigMap map : all(ConfigMap.class)) {
            assertThat(map.getData()).containsOnlyKeys("holdfast.yaml");
            map.getData()
                    .forEach((name, text) -> ConfigurationReader.read(Path.of("/etc/holdfast", name), text)
                            .orThrow());
        }
    }

    @Test
    void selectorsFindTheirOwnPods() {
        for (DaemonSet set : all(DaemonSet.class)) {
            assertThat(set.getSpec().getTemplate().getMetadata().getLabels())
                    .containsAllEntriesOf(set.getSpec().getSelector().getMatchLabels());
        }
    }

    @Test
    void amountsCanBeRead() {
        for (Container container : containers()) {
            Optional.ofNullable(container.getResources()).ifPresent(resources -> {
                Stream.concat(resources.getRequests().values().stream(), resources.getLimits().values().stream())
                        .forEach(amount ->
                                assertThat(Quantity.getAmountInBytes(amount)).isPositive());
            });
        }
    }

    /** The compose file beside it is held to less: its form, and that what it mounts and joins is declared. */
    @Test
    void theComposeFileDeclaresWhatItUses() throws IOException {
        String compose = Manifests.blocks(PAGE_OF_IMAGE).get(0);
        Map<?, ?> file = (Map<?, ?>) Manifests.yaml(compose);

        assertThat(file.keySet().stream().map(String::valueOf))
                .containsExactlyInAnyOrder("services", "networks", "volumes");
        assertThat(compose)
                .contains("holdfast-state:/var/lib/holdfast", "- /var/lib/docker/volumes:/var/lib/docker/volumes:ro");
    }
}
