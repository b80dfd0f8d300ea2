/**
 * The configuration file: what people write, what it means, and everything that is wrong with it at once.
 *
 * <p>Read {@link dev.holdfast.core.config.ConfigurationReader} first: text becomes YAML nodes ({@code DocumentParser}), nodes become
 * records ({@code SectionReader}, which knows the keys listed in {@code Section}), then names are checked against each other
 * ({@code CrossCheck}). The result is a {@link dev.holdfast.core.config.Configuration}; what it means for one host is a
 * {@link dev.holdfast.core.config.HostConfiguration}. Problems are collected, never thrown, until the end.
 *
 * <p>{@code privateer.json} goes the same way: JSON is YAML, and its keys are among ours.
 */
@NullMarked
package dev.holdfast.core.config;

import org.jspecify.annotations.NullMarked;
