/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.agent.browse;

import org.jspecify.annotations.NullMarked;
