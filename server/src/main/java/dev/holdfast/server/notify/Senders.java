package dev.holdfast.server.notify;

import dev.holdfast.core.config.Channel;
import dev.holdfast.core.config.Receiver;
import java.time.Duration;
import java.util.Map;

/** Makes the sender that a channel asks for. */
final class Senders {
    private Senders() {}

    static Sender of(Channel channel, Map<String, String> environment, Duration patience) {
        Receiver receiver = channel.receiver();
        if (receiver instanceof Receiver.Email email) {
            return new MailSender(email, environment, patience);
        }
        HttpPost http = new HttpPost(receiver.ca(), patience);
        if (receiver instanceof Receiver.Webhook hook) {
            return new WebhookSender(hook, environment, http);
        }
        if (receiver instanceof Receiver.Ntfy ntfy) {
            return new NtfySender(ntfy, environment, http);
        }
        if (receiver instanceof Receiver.Healthchecks checks) {
            return new HealthchecksSender(checks, channel.on(), environment, http);
        }
        throw new IllegalStateException("a receiver of an unknown kind: " + receiver.kind());
    }
}
