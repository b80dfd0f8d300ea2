@NullMarked
package dev.holdfast.agent.marker;

import org.jspecify.annotations.NullMarked;
