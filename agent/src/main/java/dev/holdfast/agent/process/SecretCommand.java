package dev.holdfast.agent.process;

import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks a program of the person's choice, such as a password manager, for a secret: what it writes to stdout. */
public final class SecretCommand {
    private static final int LONGEST = 4096;
    private static final int SECONDS = 60;

    private SecretCommand() {}

    /** Runs {@code command} in a shell; its stderr is ours. The caller wipes the answer. The command itself is never shown. */
    public static byte[] run(String command, String calledBy, Path workingDirectory) {
        try {
            Process process = new ProcessBuilder("/bin/sh", "-c", command)
                    .directory(workingDirectory.toFile())
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
            try (InputStream answer = process.getInputStream()) {
                byte[] secret = answer.readNBytes(LONGEST + 1);
                if (secret.length > LONGEST) {
                    process.destroyForcibly();
                }
                int exit = process.waitFor();
                if (exit != 0 || secret.length > LONGEST) {
                    Arrays.fill(secret, (byte) 0);
                    throw failed(calledBy, exit != 0 ? "it ended with code " + exit : "it wrote too much");
                }
                return secret;
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new HoldfastException(failed(calledBy, "it cannot be started").problem(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ProblemCode.CANCELLED, "cancelled while " + calledBy + " ran", "")
                    .asException();
        }
    }

    private static HoldfastException failed(String calledBy, String why) {
        return Problem.of(
                        ProblemCode.FAILED,
                        "the command in " + calledBy + " gave no secret: " + why,
                        "Run it by hand: it must write the secret to stdout and end with code 0 within " + SECONDS
                                + " seconds.")
                .asException();
    }
}
