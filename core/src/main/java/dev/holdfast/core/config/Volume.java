package dev.holdfast.core.config;

/**
 * Something that is backed up as one.
 *
 * @param local whether it lies on the server, filled there by other means; no client backs it up
 */
public record Volume(String name, boolean local, VolumeRules rules) {}
