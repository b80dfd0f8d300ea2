/**
 * AES-256-GCM that is fast from the first megabyte. Read {@link dev.holdfast.keys.gcm.GcmEngine} first: why the JDK's cipher is
 * slow in a young process and what is done about it.
 */
@NullMarked
package dev.holdfast.keys.gcm;

import org.jspecify.annotations.NullMarked;
