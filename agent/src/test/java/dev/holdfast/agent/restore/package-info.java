/** Tests of what a restore decides before it touches anything. */
@NullMarked
package dev.holdfast.agent.restore;

import org.jspecify.annotations.NullMarked;
