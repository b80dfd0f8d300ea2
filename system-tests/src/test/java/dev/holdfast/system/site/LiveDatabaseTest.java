package dev.holdfast.system.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whoever backs up the files of a running database is told, unless he has seen to it that they hold still. */
@Timeout(300)
final class LiveDatabaseTest {
    private static final String SQLITE_TOLD = "an SQLite database is in use";
    private static final String POSTGRES_TOLD = "a PostgreSQL is running on these files";

    @TempDir
    Path folder;

    @Test
    void anSqliteInUseIsToldAndAnIdleOneIsNot() throws Exception {
        Trees.assumeHas("SQLite files in use", "python3");
        try (RealSite site = RealSite.open(folder)) {
            Trees.shell(site.documents(), "echo notes >shop.txt; echo old >shop.txt-journal; : >idle.db-wal");
            Process user = new ProcessBuilder(
                            "timeout",
                            "120",
                            "python3",
                            "-c",
                            "import sqlite3, sys; c = sqlite3.connect('shop.db'); c.execute('pragma journal_mode=wal');"
                                    + " c.execute('create table t (x)'); c.commit(); print('ready', flush=True); sys.stdin.read()")
                    .directory(site.documents().toFile())
                    .start();
            try (BufferedReader said = user.inputReader(StandardCharsets.UTF_8)) {
                assertThat(said.readLine()).isEqualTo("ready");

                String told = site.backUp("alice", "documents").well().err();

                assertThat(told).contains("'shop.db-wal': " + SQLITE_TOLD);
                assertThat(told.split(SQLITE_TOLD, -1)).as("told once").hasSize(2);
                assertThat(site.backUp("alice", "documents").well().err()).contains(SQLITE_TOLD);
            } finally {
                user.getOutputStream().close();
                user.waitFor();
            }

            assertThat(site.backUp("alice", "documents").well().err()).doesNotContain(SQLITE_TOLD);
        }
    }

    @Test
    void aPostgresThatRunsIsToldUnlessAHookSeesToIt() throws Exception {
        try (RealSite site = RealSite.open(folder)) {
            // Only what is looked at: the files that a running PostgreSQL keeps in its data directory.
            Trees.shell(site.documents(), "mkdir main; echo 17 >main/PG_VERSION; echo 4711 >main/postmaster.pid");
            assertThat(site.backUp("alice", "documents").well().err())
                    .contains("'main/postmaster.pid': " + POSTGRES_TOLD);

            site.configure(site.configuration()
                    .replace("{ name: documents }", "{ name: documents, hooks: { before: 'true' } }"));
            assertThat(site.backUp("alice", "documents").well().err()).doesNotContain(POSTGRES_TOLD);
        }
    }
}
