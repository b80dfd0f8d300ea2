@NullMarked
package dev.holdfast.cli.handover;

import org.jspecify.annotations.NullMarked;
