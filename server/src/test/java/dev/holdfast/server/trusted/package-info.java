/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.server.trusted;

import org.jspecify.annotations.NullMarked;
