package dev.holdfast.cli.launch;

import java.lang.reflect.Modifier;

/**
 * Names the way to wait for sockets that Java takes on Linux anyway. Unless it is named, Java first opens every jar of the program to look
 * for another, which takes longer than all else between the start of a command and its first word to the resident agent.
 */
final class Selectors {
    static final String OF_LINUX = "sun.nio.ch.EPollSelectorProvider";
    private static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";

    private Selectors() {}

    /** To be called before the first socket is opened. */
    static void choose() {
        if (System.getProperty(PROPERTY) != null) {
            return;
        }
        try {
            Class<?> type = Class.forName(OF_LINUX);
            if (Modifier.isPublic(type.getModifiers())
                    && Modifier.isPublic(type.getConstructor().getModifiers())) {
                System.setProperty(PROPERTY, OF_LINUX);
            }
        } catch (ReflectiveOperationException e) {
            // Another system, or a Java that has changed: then it looks for itself.
        }
    }
}
