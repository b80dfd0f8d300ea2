/** What a backup says of content that changed, did not change, or changed just then, and how far it says that it is. */
@NullMarked
package dev.holdfast.system.content;

import org.jspecify.annotations.NullMarked;
