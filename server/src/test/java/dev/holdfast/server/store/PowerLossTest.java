package dev.holdfast.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.server.disk.CrashingDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PowerLossTest {
    private static final int STEPS = 70;
    private static final int LOSSES = 2;
    /** Otherwise: kill the process there, start it again, live for that many steps, then lose the power. */
    private static final int POWER_ONLY = -1;

    @Test
    void whateverWasAcknowledgedSurvivesAPowerLossAtEveryOperation() throws IOException {
        int tried = 0;
        for (long seed = 0; seed < 3; seed++) {
            int operations = operationsOf(seed);
            for (int at = 1; at <= operations; at++) {
                loseAt(seed, at, POWER_ONLY, "");
                loseAt(seed, at, at % 4, "");
                tried++;
            }
        }
        assertThat(tried).isGreaterThan(300);
    }

    @Test
    void deletingAnySyncInTheCodeLosesSomethingSooner() throws IOException {
        Set<String> sites = new TreeSet<>();
        for (long seed = 0; seed < 6; seed++) {
            CrashRun run = new CrashRun(seed, new CrashingDisk());
            run.live(STEPS);
            sites.addAll(run.disk().syncSites());
        }
        assertThat(sites).hasSizeGreaterThanOrEqualTo(8);
        List<String> unnoticed = new ArrayList<>();
        for (String site : sites) {
            if (!noticed(site)) {
                unnoticed.add(site);
            }
        }
        assertThat(unnoticed).as("syncs that no power loss misses").isEmpty();
    }

    private static boolean noticed(String site) {
        for (long seed = 0; seed < 60; seed++) {
            try {
                int operations = operationsOf(seed);
                for (int at = operations; at > 0; at -= 2) {
                    loseAt(seed, at, at % 4 == 1 ? POWER_ONLY : at % 8, site);
                }
            } catch (IOException | RuntimeException | AssertionError e) {
                return true;
            }
        }
        return false;
    }

    private static int operationsOf(long seed) throws IOException {
        CrashRun run = new CrashRun(seed, new CrashingDisk());
        run.live(STEPS);
        return run.disk().operations();
    }

    private static void loseAt(long seed, int operation, int thenLive, String ignoredSite) throws IOException {
        CrashingDisk disk = new CrashingDisk();
        disk.ignoreSyncAt(ignoredSite);
        disk.losePowerAt(operation);
        CrashRun run = new CrashRun(seed, disk);
        run.live(STEPS);
        if (thenLive >= 0) {
            run.liveAgain(thenLive);
        }
        for (int loss = 0; loss < LOSSES; loss++) {
            try {
                run.check(run.disk().afterPowerLoss(new SplittableRandom(seed * 1_000_003 + operation * 31L + loss)));
            } catch (IOException | RuntimeException | AssertionError e) {
                fail(
                        "seed " + seed + ", power lost at operation " + operation + ", then " + thenLive
                                + " steps, loss " + loss,
                        e);
            }
        }
    }
}
