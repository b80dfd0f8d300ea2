package dev.holdfast.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What every contract suite starts from: a root on a real disk, and the system's tools beside the view under test. */
abstract class FileSystemContract {
    static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    @TempDir
    Path folder;

    FileSystemView view;
    Directory root;
    Shell shell;

    abstract FileSystemView openView();

    /** Whether nothing is lost: the other half of each promise is that a loss is reported. */
    final boolean exact() {
        return view.losses().isEmpty();
    }

    @BeforeEach
    void openRoot() throws Exception {
        view = openView();
        root = view.openRoot(folder);
        shell = new Shell(folder);
    }

    @AfterEach
    void closeRoot() {
        root.close();
    }

    /** Asserts that the loss of something is announced. */
    final void assertReportedLoss(String words) {
        assertThat(view.losses()).anySatisfy(loss -> assertThat(loss).contains(words));
    }

    /** Ends the test, loudly, when this machine cannot show what it is about. */
    static void need(boolean present, String what) {
        if (!present) {
            System.err.println("NOT TESTED HERE: " + what);
        }
        assumeTrue(present, what);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes written as numbers. */
    static byte[] raw(int... values) {
        byte[] name = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            name[i] = (byte) values[i];
        }
        return name;
    }

    static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
