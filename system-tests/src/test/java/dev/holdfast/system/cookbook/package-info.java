/** What the cookbook shows, judged by those who will read it: the types of other programs, and our own parsers. */
@NullMarked
package dev.holdfast.system.cookbook;

import org.jspecify.annotations.NullMarked;
