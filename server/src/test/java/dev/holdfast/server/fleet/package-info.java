/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.server.fleet;

import org.jspecify.annotations.NullMarked;
