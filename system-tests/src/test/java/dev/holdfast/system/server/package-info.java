/** The running server from outside: real SSH on the loopback interface, real configuration files. */
@NullMarked
package dev.holdfast.system.server;

import org.jspecify.annotations.NullMarked;
