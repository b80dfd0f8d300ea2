/**
 * Everything that is secret, and the only home of Bouncy Castle (its lightweight API; the provider is never installed). This
 * module knows nothing of backups and never logs: what goes wrong is a {@link dev.holdfast.keys.KeyException}.
 *
 * <p>Read in this order: {@code realm} (the key under which a repository is sealed), {@code machine} (the keys of one named
 * machine), {@code seal} (how one is wrapped for the other), {@code recovery}, {@code store} (where they lie on disk and the
 * main path of {@code keygen}), {@code bundle}, {@code pin}, and {@code vault} with the {@code trust} it rests on.
 */
@NullMarked
package dev.holdfast.keys;

import org.jspecify.annotations.NullMarked;
