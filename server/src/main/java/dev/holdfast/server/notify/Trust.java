package dev.holdfast.server.notify;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.trust.Authorities;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** Which receivers are believed to be who they say. */
final class Trust {
    private Trust() {}

    /** In the certificates of the file that a channel names by {@code ca}, and in no others. */
    static SSLContext in(Path file) throws Undelivered {
        try {
            return Authorities.trusting(file, "the certificate authority", "`ca`");
        } catch (KeyException e) {
            throw Undelivered.yet(Problem.of(ProblemCode.CONFIG, String.valueOf(e.getMessage()), e.hint()));
        }
    }
}
