/**
 * What the server does with the key of a realm, where the configuration says that it is trusted with it: nothing else of the server
 * may touch realm keys. {@link dev.holdfast.server.trusted.Verifier} proves that objects are what their ids say, so that one host
 * cannot plant a false one for another; {@link dev.holdfast.server.trusted.BackgroundVerification} lets it work while no backup
 * runs.
 */
@NullMarked
package dev.holdfast.server.trusted;

import org.jspecify.annotations.NullMarked;
