package dev.holdfast.core.config;

import dev.holdfast.core.schedule.Cron;

/** A backup that is due by itself: this volume, to this server, at these times. */
public record Job(String server, String volume, Cron schedule) {}
