/**
 * The configuration file: what people write, what it means, and what is wrong with it.
 */
@NullMarked
package dev.holdfast.core.config;

import org.jspecify.annotations.NullMarked;
