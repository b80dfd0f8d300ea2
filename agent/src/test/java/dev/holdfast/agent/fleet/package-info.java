/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.agent.fleet;

import org.jspecify.annotations.NullMarked;
