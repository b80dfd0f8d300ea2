/** Tests of the package of the same name. */
@NullMarked
package dev.holdfast.server.session;

import org.jspecify.annotations.NullMarked;
