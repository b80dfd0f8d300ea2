@NullMarked
package dev.holdfast.server.join;

import org.jspecify.annotations.NullMarked;
