/**
 * The language that agent and server speak over one SSH channel: length-prefixed frames with a fixed schema, data and never
 * behaviour. The messages and their order are in {@code docs/protocol.md}.
 */
@NullMarked
package dev.holdfast.core.wire;

import org.jspecify.annotations.NullMarked;
