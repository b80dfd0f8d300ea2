/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.agent.hook;

import org.jspecify.annotations.NullMarked;
