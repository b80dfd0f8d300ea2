/**
 * The only place that starts other programs. {@link dev.holdfast.agent.process.SecretCommand} asks one for a passphrase,
 * {@link dev.holdfast.agent.process.ShellCommand} runs one that the operator wants run.
 */
@NullMarked
package dev.holdfast.agent.process;

import org.jspecify.annotations.NullMarked;
