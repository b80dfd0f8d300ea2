/**
 * Whether this machine is set up well, one finding a line. {@link dev.holdfast.cli.checkup.LocalCheckup} looks at files, keys and
 * volumes here; {@link dev.holdfast.cli.checkup.ConnectionCheckup} calls a server and asks it. Nothing here changes anything.
 */
@NullMarked
package dev.holdfast.cli.checkup;

import org.jspecify.annotations.NullMarked;
