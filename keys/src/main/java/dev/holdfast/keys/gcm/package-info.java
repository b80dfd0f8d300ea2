/**
 * AES-256-GCM that is fast from the first megabyte. Read {@link dev.holdfast.keys.gcm.GcmEngine} first, then what does the work:
 * {@link dev.holdfast.keys.gcm.OpenSslGcm} (the system's libcrypto) or {@link dev.holdfast.keys.gcm.JdkGcm} (everywhere).
 */
@NullMarked
package dev.holdfast.keys.gcm;

import org.jspecify.annotations.NullMarked;
