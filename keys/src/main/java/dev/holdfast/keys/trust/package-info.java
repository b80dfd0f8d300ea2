/** Which certificates are believed where something is reached by TLS: {@link dev.holdfast.keys.trust.Authorities}. */
@NullMarked
package dev.holdfast.keys.trust;

import org.jspecify.annotations.NullMarked;
