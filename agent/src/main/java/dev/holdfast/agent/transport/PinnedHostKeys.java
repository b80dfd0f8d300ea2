package dev.holdfast.agent.transport;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.machine.SshPublicKey;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.Optional;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** Accepts exactly the pinned host keys, and remembers what was shown instead. There is no trust on first use. */
final class PinnedHostKeys implements ServerKeyVerifier {
    private final SshTarget target;
    private volatile @Nullable String shownInstead;

    PinnedHostKeys(SshTarget target) {
        this.target = target;
    }

    @Override
    public boolean verifyServerKey(ClientSession session, SocketAddress remote, PublicKey key) {
        try {
            SshPublicKey shown = SshPublicKey.of(key);
            if (target.pin().accepts(shown)) {
                return true;
            }
            shownInstead = shown.fingerprint();
        } catch (KeyException e) {
            shownInstead = "a key of type " + key.getAlgorithm();
        }
        return false;
    }

    /** What to tell the person when a wrong key was shown. */
    Optional<Problem> mismatch() {
        String shown = shownInstead;
        if (shown == null) {
            return Optional.empty();
        }
        return Optional.of(Problem.of(
                        ProblemCode.HOST_KEY,
                        "server '" + target.server() + "' at " + target.address() + " shows host key " + shown
                                + ", but " + target.pin().expected(),
                        target.pin().advice())
                .with("server", target.server())
                .with("shown", shown)
                .with("pinned", target.pin().expected()));
    }
}
