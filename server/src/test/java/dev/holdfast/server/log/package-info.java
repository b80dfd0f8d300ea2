/** Tests of the snapshot log, and the disk with bad sectors that they and others use. */
@NullMarked
package dev.holdfast.server.log;

import org.jspecify.annotations.NullMarked;
