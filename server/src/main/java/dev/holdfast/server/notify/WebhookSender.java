package dev.holdfast.server.notify;

import dev.holdfast.core.config.Receiver;
import dev.holdfast.core.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON by HTTP: our own fields, or the template of the configuration. */
final class WebhookSender implements Sender {
    private final Receiver.Webhook hook;
    private final Map<String, String> environment;
    private final HttpPost http;

    WebhookSender(Receiver.Webhook hook, Map<String, String> environment, HttpPost http) {
        this.hook = hook;
        this.environment = environment;
        this.http = http;
    }

    @Override
    public void send(Notice notice) throws Undelivered {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        for (Map.Entry<String, Secret> header : hook.headers().entrySet()) {
            headers.keySet().removeIf(header.getKey()::equalsIgnoreCase);
            headers.put(header.getKey(), header.getValue().reveal(environment));
        }
        byte[] body = hook.template()
                .map(template -> template.render(NoticeJson.values(notice)).getBytes(StandardCharsets.UTF_8))
                .orElseGet(() -> NoticeJson.body(notice));
        http.send(hook.method(), HttpPost.address(hook.url().reveal(environment), "the webhook"), headers, body);
    }
}
