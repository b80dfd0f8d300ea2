package dev.holdfast.server.notify;

import dev.holdfast.core.config.NotifyEvent;
import dev.holdfast.core.config.Receiver;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Pings a check after every run. Only the newest ping about a volume counts: an old success that comes late would hide that nothing
 * came since.
 */
final class HealthchecksSender implements Sender {
    private static final int MOST_BYTES = 10_000;

    private final Receiver.Healthchecks checks;
    private final Set<NotifyEvent> on;
    private final Map<String, String> environment;
    private final HttpPost http;

    HealthchecksSender(
            Receiver.Healthchecks checks, Set<NotifyEvent> on, Map<String, String> environment, HttpPost http) {
        this.checks = checks;
        this.on = on;
        this.environment = environment;
        this.http = http;
    }

    @Override
    public boolean takes(Notice notice, Set<NotifyEvent> asked) {
        return switch (notice.kind()) {
            case STARTED -> checks.start();
            case DONE, TEST -> true;
            case PARTIAL -> !notice.isReminder();
            case FAILED, MISSED -> !notice.isReminder() && notice.isFor(asked);
            case RECOVERED, DAMAGE, SPACE, DIGEST -> false;
        };
    }

    @Override
    public boolean wantsNewestOnly() {
        return true;
    }

    @Override
    public void send(Notice notice) throws Undelivered {
        String written = checks.url()
                .reveal(environment)
                .replace("{host}", notice.host())
                .replace("{volume}", notice.volume());
        URI url = HttpPost.address(written, "the address of the check");
        String text = PlainText.fitting(notice.title() + "\n\n" + notice.text(), MOST_BYTES);
        http.send(
                "POST",
                under(url, suffix(notice)),
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    private String suffix(Notice notice) {
        return switch (notice.kind()) {
            case STARTED -> "/start";
            case FAILED, MISSED -> "/fail";
            case PARTIAL -> on.contains(NotifyEvent.PARTIAL) ? "/fail" : "";
            case TEST -> "/log";
            case DONE, RECOVERED, DAMAGE, SPACE, DIGEST -> "";
        };
    }

    private static URI under(URI url, String suffix) {
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
        return url.resolve(path + suffix + query);
    }
}
