/**
 * Reading and writing bytes: big-endian fixed numbers, LEB128 variable numbers, length-prefixed strings. {@link
 * dev.holdfast.core.codec.Decoder} trusts nothing: every length is compared with what is left before it is used.
 */
@NullMarked
package dev.holdfast.core.codec;

import org.jspecify.annotations.NullMarked;
