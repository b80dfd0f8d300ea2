package dev.holdfast.agent.schedule;

import dev.holdfast.agent.leftover.OpenWork;

/** What a host tells of itself for monitoring. */
record HostReport(ScheduleReport schedule, OpenWork open) {}
