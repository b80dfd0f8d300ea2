/** Both ends of the SSH transport together, over real sockets on the loopback interface. */
@NullMarked
package dev.holdfast.system.transport;

import org.jspecify.annotations.NullMarked;
