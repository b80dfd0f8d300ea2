package dev.holdfast.agent.transport;

import dev.holdfast.keys.machine.SshPublicKey;
import java.util.List;
import java.util.stream.Collectors;

/** Which host keys a server may show; decided before anything is sent to it. There is no trust on first use. */
public interface HostKeyPin {
    boolean accepts(SshPublicKey shown);

    /** What is pinned, for a message: such as {@code "SHA256:... is pinned"}. */
    String expected();

    /** What to do when another key was shown. */
    String advice();

    /**
     * Exactly these; two while one is rotated.
     *
     * @param replaced how this machine gets the new key of a server whose key was replaced on purpose, as a clause
     */
    static HostKeyPin keys(List<SshPublicKey> keys, String replaced) {
        List<SshPublicKey> pinned = List.copyOf(keys);
        if (pinned.isEmpty()) {
            throw new IllegalArgumentException("no host key is pinned");
        }
        return new HostKeyPin() {
            @Override
            public boolean accepts(SshPublicKey shown) {
                return pinned.contains(shown);
            }

            @Override
            public String expected() {
                return pinned.stream().map(SshPublicKey::fingerprint).collect(Collectors.joining(" or "))
                        + " is pinned";
            }

            @Override
            public String advice() {
                return "If the server's key was replaced on purpose, " + replaced
                        + "; if not, somebody may be in between: do not go on.";
            }
        };
    }
}
