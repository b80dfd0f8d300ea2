package dev.holdfast.server.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadFactory;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.jspecify.annotations.Nullable;

/** Answers a shell, a command or an SFTP client with one sentence and ends the channel. */
final class TurnAway implements Command {
    /** For those whose key is nobody's here; shown before they are refused. */
    static final String BANNER =
            "This is a Holdfast backup server: configured hosts log in with their own keys, people do not.";

    static final String SENTENCE = "No shell, command or SFTP here. To get files back, run `holdfast restore VOLUME` on"
            + " the host that needs them; `holdfast snapshots` lists what there is.";

    private final ThreadFactory threads;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback exit;

    TurnAway(ThreadFactory threads) {
        this.threads = threads;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        OutputStream to = err;
        ExitCallback done = exit;
        if (to == null || done == null) {
            throw new IllegalStateException("the channel was started before its streams were set");
        }
        // On a thread of its own: a client that offers no window would block the network thread here.
        threads.newThread(() -> {
                    try {
                        to.write((SENTENCE + "\r\n").getBytes(StandardCharsets.US_ASCII));
                        to.flush();
                    } catch (IOException e) {
                        // The client went away before it could be told; there is nobody left to inform.
                    } finally {
                        done.onExit(1);
                    }
                })
                .start();
    }

    @Override
    public void setErrorStream(OutputStream stream) {
        err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
        exit = callback;
    }

    @Override
    public void setInputStream(InputStream in) {
        // nothing is read
    }

    @Override
    public void setOutputStream(OutputStream out) {
        // nothing is written to standard output
    }

    @Override
    public void destroy(ChannelSession channel) {
        // holds nothing
    }
}
