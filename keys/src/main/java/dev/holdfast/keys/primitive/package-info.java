/**
 * AES-256-GCM and HMAC-SHA-256 that are fast from the first megabyte. Read {@link dev.holdfast.keys.primitive.GcmEngine} first,
 * then what does the work: {@link dev.holdfast.keys.primitive.OpenSslGcm} (the system's libcrypto) or {@link
 * dev.holdfast.keys.primitive.JdkGcm} (everywhere); {@link dev.holdfast.keys.primitive.Hmac} is built the same way.
 */
@NullMarked
package dev.holdfast.keys.primitive;

import org.jspecify.annotations.NullMarked;
