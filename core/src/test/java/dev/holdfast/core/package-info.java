/** What the tests of this module share: seeded randomness, golden files, and the loop that damages every byte. */
@NullMarked
package dev.holdfast.core;

import org.jspecify.annotations.NullMarked;
