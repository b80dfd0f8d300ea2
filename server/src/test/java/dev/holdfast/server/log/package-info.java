/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.server.log;

import org.jspecify.annotations.NullMarked;
