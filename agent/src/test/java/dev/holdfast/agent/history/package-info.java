/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.agent.history;

import org.jspecify.annotations.NullMarked;
