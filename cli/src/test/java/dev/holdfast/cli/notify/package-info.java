@NullMarked
package dev.holdfast.cli.notify;

import org.jspecify.annotations.NullMarked;
