package dev.holdfast.agent.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;

/** The two implementations. */
final class Views {
    private Views() {}

    /** The native one; its absence on Linux is a failure, elsewhere a loud assumption. */
    static FileSystemView natively() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "native access (needs Linux)");
        FileSystemView view = FileSystemView.open();
        assertThat(view.losses()).isEmpty();
        return view;
    }

    static FileSystemView portable() {
        return new PortableFileSystem("native access is switched off for this test");
    }
}
