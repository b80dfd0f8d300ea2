/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.agent.memory;

import org.jspecify.annotations.NullMarked;
