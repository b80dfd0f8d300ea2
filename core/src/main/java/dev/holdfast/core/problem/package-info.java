/**
 * What can go wrong, in words a person can act on. Read {@link dev.holdfast.core.problem.ProblemCode} first: it is the\n * whole list, with exit codes; {@code docs/errors.md} is checked against it.
 */
@NullMarked
package dev.holdfast.core.problem;

import org.jspecify.annotations.NullMarked;
