package dev.holdfast.cli.daemon;

/** How nearly every command logs: not at all. Apart from {@link Logging}, whose first use alone loads classes of Logback. */
public final class NoLogging {
    static final String PROVIDER = "slf4j.provider";
    private static final String OWN_WORDS = "slf4j.internal.verbosity";

    private NoLogging() {}

    /** Says that this process logs nothing, unless {@link Logging} says otherwise later. */
    public static void choose() {
        if (System.getProperty(PROVIDER) == null) {
            System.setProperty(OWN_WORDS, "WARN");
            System.setProperty(PROVIDER, "org.slf4j.helpers.NOP_FallbackServiceProvider");
        }
    }
}
