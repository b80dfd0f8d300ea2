@NullMarked
package dev.holdfast.core.daemon;

import org.jspecify.annotations.NullMarked;
