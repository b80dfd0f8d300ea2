package dev.holdfast.cli.service;

import java.util.Locale;

/** The two processes that stay. */
public enum Role {
    SERVER,
    AGENT;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As {@code systemctl} calls it. */
    public String unit() {
        return "holdfast-" + word();
    }
}
