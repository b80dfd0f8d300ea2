/**
 * Units of systemd for the two processes that stay. {@link dev.holdfast.cli.service.Service} says what such a process needs, {@link
 * dev.holdfast.cli.service.UnitText} writes that down as a unit with the narrowest rights in which it still does its work, {@link
 * dev.holdfast.cli.service.UnitFile} puts it in place and takes care of what people have changed there, and {@link
 * dev.holdfast.cli.service.Systemctl} is called only when it is asked for. How the running process answers systemd is in {@link
 * dev.holdfast.cli.notify}.
 */
@NullMarked
package dev.holdfast.cli.service;

import org.jspecify.annotations.NullMarked;
