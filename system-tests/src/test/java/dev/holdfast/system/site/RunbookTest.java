package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fleet that lived on privateer goes on with the same lines: three networks, an engine in each, volumes with everything in them. */
@Timeout(600)
final class RunbookTest {
    private static final int ABSENT = 10;
    private static final int BUSY = 11;
    private static final int DENIED = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
    private static final Path COOKBOOK = Path.of("../docs/cookbook");
    private static final String ORDERLY = "montagu_orderly_volume";
    private static final String OUTPACK = "montagu_outpack_volume";
    private static final String RECOVER = "barman_recover";

    @TempDir
    Path folder;

    private Fleet fleet;

    @BeforeEach
    void openFleet() throws Exception {
        fleet = Fleet.open(folder);
        fleet.engine("production2").docker("volume", "create", "--label", "team=blue sky", ORDERLY);
        fleet.engine("production2").docker("volume", "create", OUTPACK);
        fleet.engine(Fleet.SERVER).docker("volume", "create", RECOVER);
        fill(live(ORDERLY));
        Trees.fill(live(OUTPACK), 3, 2, 81);
        fill(recover());
        fleet.engine("production2").startIdle("orderly", ORDERLY, "--label", "holdfast.consistency=pause");
    }

    @AfterEach
    void closeFleet() throws Exception {
        if (fleet != null) {
            fleet.close();
        }
    }

    private static void fill(Path volume) throws Exception {
        Trees.fill(volume.resolve("archive"), 2, 1, 80);
        Trees.shell(
                volume,
                "mkdir -p drafts/empty && echo one >drafts/a && ln drafts/a drafts/b && ln -s a drafts/c"
                        + " && truncate -s 300M holes && echo end >>holes && chown 999:998 drafts/a . && chown -h 7:8 drafts/c"
                        + " && chmod 2750 drafts && chmod 1777 drafts/empty && setfattr -n user.note -v x drafts/a"
                        + " && setfacl -m u:1234:r drafts/a && touch -d '2001-02-03 04:05:06.789' drafts/a drafts"
                        + " && printf x >\"$(printf 'odd \\377 name')\"");
    }

    private Path live(String volume) throws Exception {
        return fleet.engine("production2").mountpoint(volume);
    }

    private Path staged(String volume) throws Exception {
        return fleet.engine("uat").mountpoint(volume);
    }

    private Path recover() throws Exception {
        return fleet.engine(Fleet.SERVER).mountpoint(RECOVER);
    }

    private Said well(String machine, String line) throws Exception {
        return fleet.type(machine, line).well();
    }

    /** As it is now, for later. */
    private Path copyOf(String volume) throws Exception {
        Path copy = folder.resolve("then-" + volume);
        Trees.shell(folder, "cp -a --sparse=always '" + live(volume) + "' '" + copy + "'");
        return copy;
    }

    @Test
    void everyLineOfTheRunbookDoesWhatItSays() throws Exception {
        serverAndHostsAreSetUp();
        well("production", "privateer backup montagu_orderly_volume --server annex2");
        well("production", "privateer backup montagu_outpack_volume --server annex2");
        Path orderlyThen = copyOf(ORDERLY);
        Path outpackThen = copyOf(OUTPACK);
        Trees.shell(live(ORDERLY), "echo two >drafts/d && rm drafts/b");
        Said backup = well("production2", "privateer backup montagu_orderly_volume --server annex2");
        assertThat(backup.err()).contains("pausing container 'orderly'");
        assertThat(fleet.engine("production2").state("orderly")).isEqualTo("running");
        well("production2", "privateer backup montagu_outpack_volume --server annex2");

        well("uat", "privateer configure uat");
        well("uat", "privateer restore montagu_orderly_volume --server=annex2 --source=production");
        well("uat", "privateer restore montagu_outpack_volume --server=annex2 --source=production");
        well("uat", "privateer restore barman_recover --server=annex2 --to-volume montagu_db_volume");
        Trees.assertSame(orderlyThen, staged(ORDERLY));
        Trees.assertSame(outpackThen, staged(OUTPACK));
        Trees.assertSame(recover(), staged("montagu_db_volume"));
        assertThat(fleet.engine("uat").docker("volume", "inspect", "--format", "{{json .Labels}}", ORDERLY))
                .contains("\"team\":\"blue sky\"", "\"holdfast.restored-from\":\"production/" + ORDERLY + "\"");

        aVolumeInUseIsLeftAlone(orderlyThen);
        aTarFileMakesAVolume();
        aScheduledBackupIsMade();
        aHostThatIsLetGoIsRefused();

        well("production2", "privateer schedule stop");
        assertThat(well("production2", "privateer schedule status --json").out())
                .contains("\"paused\":true");
        well(Fleet.SERVER, "privateer server stop");
        assertThat(well(Fleet.SERVER, "privateer --version").out()).isEqualTo("holdfast 0.1.0\n");
        assertThat(fleet.typed()).containsAll(runbook());
    }

    private void serverAndHostsAreSetUp() throws Exception {
        assertThat(well(Fleet.SERVER, "privateer keygen --all").out()).contains("RECOVERY KEY");
        well(Fleet.SERVER, "privateer configure annex2");
        well(Fleet.SERVER, "privateer server start");
        well(Fleet.SERVER, "privateer server status");
        well("production", "privateer configure production");
        well("production2", "privateer configure production2");
        well("production2", "privateer check --connection");
        well("production2", "privateer schedule start");
        assertThat(well("production2", "privateer schedule status").out()).contains(ORDERLY, "@daily");
    }

    private void aVolumeInUseIsLeftAlone(Path orderlyThen) throws Exception {
        fleet.engine("uat").startIdle("reader", ORDERLY);
        Files.writeString(staged(ORDERLY).resolve("own"), "uat's");
        String again = "privateer restore montagu_orderly_volume --server=annex2 --source=production --yes";
        assertThat(fleet.type("uat", again).ending(BUSY).err()).contains("in use by container reader");
        assertThat(staged(ORDERLY).resolve("own")).hasContent("uat's");

        well("uat", again + " --stop");

        Trees.assertSame(orderlyThen, staged(ORDERLY));
        assertThat(fleet.engine("uat").state("reader")).isEqualTo("running");
    }

    private void aTarFileMakesAVolume() throws Exception {
        well("uat", "privateer export montagu_orderly_volume --source production2");
        String file;
        try (Stream<Path> files = Files.list(fleet.checkout("uat"))) {
            file = files.map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("production2-" + ORDERLY + "-.*\\.tar"))
                    .findFirst()
                    .orElseThrow();
        }

        well("uat", "privateer import " + file + " from_tar");

        Trees.assertSame(live(ORDERLY), staged("from_tar"));
        assertThat(fleet.type("uat", "privateer import " + file + " from_tar").err())
                .contains("'from_tar' exists in the container engine already");
    }

    private void aScheduledBackupIsMade() throws Exception {
        Trees.shell(live(ORDERLY), "echo three >drafts/e");
        aJobComesDueByTheClock();
        Trees.shell(live(ORDERLY), "echo four >drafts/f");
        whatWasMissedIsMadeUpFor();

        assertThat(fleet.type(
                                "uat",
                                "privateer restore montagu_orderly_volume --to-volume montagu_orderly_volum --source=production2")
                        .exitCode())
                .isEqualTo(ABSENT);
        well("uat", "privateer restore montagu_orderly_volume --source=production2 --to-volume of_the_night");
        Trees.assertSame(live(ORDERLY), staged("of_the_night"));
    }

    /** The next minute, nobody doing anything for it. */
    private void aJobComesDueByTheClock() throws Exception {
        String before = lastMade(ORDERLY);
        assertThat(before).as("what was typed counts for the job").isNotEmpty();
        fleet.configure("production2", fleet.configuration().replace("@daily", "* * * * *"));

        Wait.until(
                "a job has come due and is done",
                TWO_MINUTES,
                () -> !List.of(before, "").contains(lastMade(ORDERLY)));

        fleet.configure("production2", fleet.configuration());
        Wait.until("it is due daily again", PATIENCE, () -> jobOf(ORDERLY).contains("@daily"));
    }

    /** As if the agent had been away since January. */
    private void whatWasMissedIsMadeUpFor() throws Exception {
        well("production2", "privateer schedule stop --exit");
        String orderly = lastMade(ORDERLY);
        String outpack = lastMade(OUTPACK);
        String text = Files.readString(book());
        Files.writeString(book(), text.replaceAll("(\"(?:covered|next)\" : )\"[^\"]*\"", "$1\"2026-01-01T00:00:00Z\""));

        well("production2", "privateer schedule start");
        Wait.until(
                "both jobs have run",
                PATIENCE,
                () -> !List.of(orderly, "").contains(lastMade(ORDERLY))
                        && !List.of(outpack, "").contains(lastMade(OUTPACK)));
        assertThat(fleet.type("production2", "privateer schedule status --json").out())
                .doesNotContain("\"overdue\":true");
    }

    private Path book() {
        return fleet.state("production2").resolve("production2/schedule.json");
    }

    /** What the agent remembers of a job, without asking it. */
    private String jobOf(String volume) throws Exception {
        return Pattern.compile("\"server\"")
                .splitAsStream(Files.readString(book()))
                .filter(job -> job.contains("\"" + volume + "\""))
                .findFirst()
                .orElse("");
    }

    /** The snapshot that its last run has made; empty without one. */
    private String lastMade(String volume) throws Exception {
        return Pattern.compile("\"snapshot\" : \"(\\w+)\"")
                .matcher(jobOf(volume))
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElse("");
    }

    private void aHostThatIsLetGoIsRefused() throws Exception {
        fleet.configure(Fleet.SERVER, fleet.configuration().replaceAll(",\\s*\\{ \"name\": \"uat\" }", ""));
        well(Fleet.SERVER, "privateer server reload");

        Said refused = fleet.type("uat", "privateer restore montagu_orderly_volume --source=production2 --yes");

        assertThat(refused.ending(DENIED).err()).contains("[HF-DENIED]");
        well("production2", "privateer check --connection");
    }

    /** The lines of the runbook in the cookbook, but for those with a made-up file name. */
    private static List<String> runbook() throws Exception {
        String block = Pattern.compile("(?s)```runbook\n(.*?)```")
                .matcher(Files.readString(COOKBOOK.resolve("privateer-commands.md")))
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
        return block.lines()
                .flatMap(line -> Stream.of(line.replaceFirst("^#.*?: ", "").split(" ; ", -1)))
                .map(String::strip)
                .filter(line -> !line.contains("FILE"))
                .toList();
    }

    /** The blocks of the page, which say on which machine they are typed, in its order. */
    @Test
    void theMoveGoesAsTheCookbookTells() throws Exception {
        fleet.engine(Fleet.SERVER).docker("volume", "create", "privateer_montagu_data");
        Path kept = fleet.engine(Fleet.SERVER).mountpoint("privateer_montagu_data");
        Trees.shell(
                folder,
                "mkdir '" + kept + "/production2' && cp -a '" + live(ORDERLY) + "' '" + kept + "/production2/" + ORDERLY
                        + "'");
        String page = Files.readString(COOKBOOK.resolve("from-privateer.md"))
                .replace("/var/lib/docker/volumes/privateer_montagu_data/_data", kept.toString())
                .replace("--to-dir /var/tmp", "--to-dir " + folder);
        List<String> typed = new ArrayList<>();
        String machine = "";

        for (String block : Pattern.compile("(?s)```\n(.*?)```")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList()) {
            for (String line : block.lines().toList()) {
                if (line.startsWith("# on ")) {
                    machine = line.substring("# on ".length());
                } else {
                    well(machine, line);
                    typed.add(line);
                }
            }
        }

        assertThat(typed).hasSizeGreaterThan(18).last().isEqualTo("holdfast server stop");
        Trees.assertSame(live(ORDERLY), staged(ORDERLY));
        Trees.assertSame(recover(), staged("montagu_db_volume"));
        String brought = Trees.shell(folder, "ls " + folder + "/local-" + ORDERLY + "-*.tar")
                .strip();
        well("uat", "holdfast import " + brought + " montagu_orderly_old");
        Trees.assertSame(live(ORDERLY), staged("montagu_orderly_old"));
        assertThat(Files.readString(fleet.checkout("uat").resolve("privateer.json")))
                .isEqualTo(fleet.configuration());
    }
}
