package dev.holdfast.agent.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.files.FileSystemView;
import dev.holdfast.core.config.PathFilter;
import dev.holdfast.core.progress.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CountAheadTest {
    @TempDir
    private Path root;

    private final Watcher watcher = new Watcher(true);

    private record Total(boolean whole, long files, long bytes) {}

    private static class Watcher implements Progress {
        final BlockingQueue<Total> told = new LinkedBlockingQueue<>();
        private final boolean watching;

        Watcher(boolean watching) {
            this.watching = watching;
        }

        @Override
        public boolean wantsTotal() {
            return watching;
        }

        @Override
        public void atLeast(long files, long bytes) {
            told.add(new Total(false, files, bytes));
        }

        @Override
        public void total(long files, long bytes) {
            told.add(new Total(true, files, bytes));
        }

        Total next() throws InterruptedException {
            Total next = told.poll(30, TimeUnit.SECONDS);
            assertThat(next).isNotNull();
            return next;
        }
    }

    private CountAhead counting(PathFilter filter, Progress progress, Duration lag) {
        return new CountAhead(FileSystemView.open(), filter, progress, lag);
    }

    private void file(String path, int bytes) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
    }

    /** Long enough for any of the small trees here to have been counted. */
    private static void assertSilent(Watcher watcher) throws InterruptedException {
        assertThat(watcher.told.poll(100, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void countsWhatABackupWouldTake() throws Exception {
        file("a", 10);
        file("deep/er/b", 200);
        file("cache/left-out", 5000);
        file("deep/left.tmp", 6000);
        Files.createSymbolicLink(root.resolve("link"), Path.of("a"));

        try (CountAhead ahead =
                counting(PathFilter.of(List.of(), List.of("cache/", "*.tmp")), watcher, Duration.ZERO)) {
            ahead.begin(root);

            assertThat(watcher.next()).isEqualTo(new Total(true, 2, 210));
        }
    }

    @Test
    void theTotalGrowsUntilItIsWhole() throws Exception {
        for (int i = 0; i < 2500; i++) {
            file("f" + i, 1);
        }

        try (CountAhead ahead = counting(PathFilter.everything(), watcher, Duration.ZERO)) {
            ahead.begin(root);

            assertThat(List.of(watcher.next(), watcher.next(), watcher.next()))
                    .containsExactly(
                            new Total(false, 1024, 1024), new Total(false, 2048, 2048), new Total(true, 2500, 2500));
        }
    }

    @Test
    void anotherAttemptOfTheRunDoesNotCountAgain() throws Exception {
        file("a", 1);

        try (CountAhead ahead = counting(PathFilter.everything(), watcher, Duration.ZERO)) {
            ahead.begin(root);
            watcher.next();
            ahead.begin(root);
            assertSilent(watcher);
        }
    }

    @Test
    void afterTheRunNothingIsToldAnyMore() throws Exception {
        for (int i = 0; i < 2500; i++) {
            file("f" + i, 1);
        }
        List<CountAhead> ending = new ArrayList<>();
        Watcher ends = new Watcher(true) {
            @Override
            public void atLeast(long files, long bytes) {
                super.atLeast(files, bytes);
                ending.forEach(CountAhead::close);
            }
        };
        CountAhead ahead = counting(PathFilter.everything(), ends, Duration.ZERO);
        ending.add(ahead);

        ahead.begin(root);

        assertThat(ends.next()).isEqualTo(new Total(false, 1024, 1024));
        assertSilent(ends);
    }

    @Test
    void aShortRunIsNotCounted() throws Exception {
        file("a", 1);

        try (CountAhead ahead = counting(PathFilter.everything(), watcher, Duration.ofHours(1))) {
            ahead.begin(root);
            assertSilent(watcher);
        }
    }

    @Test
    void aVolumeThatIsGoneIsNobodysProblemHere() throws Exception {
        try (CountAhead ahead = counting(PathFilter.everything(), watcher, Duration.ZERO)) {
            ahead.begin(root.resolve("gone"));
            assertSilent(watcher);
        }
    }

    @Test
    void forNobodyNothingIsCounted() throws Exception {
        file("a", 1);
        Watcher nobody = new Watcher(false);

        try (CountAhead ahead = counting(PathFilter.everything(), nobody, Duration.ZERO)) {
            ahead.begin(root);
            assertSilent(nobody);
        }
    }
}
