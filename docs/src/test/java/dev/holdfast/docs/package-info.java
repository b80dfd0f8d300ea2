/** What can be checked of texts without knowing the program; {@code FormatDocTest} and {@code TourTest} of system-tests know it. */
@NullMarked
package dev.holdfast.docs;

import org.jspecify.annotations.NullMarked;
