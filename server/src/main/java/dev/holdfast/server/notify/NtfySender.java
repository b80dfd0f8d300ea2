package dev.holdfast.server.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.core.config.Receiver;
import dev.holdfast.core.config.Receiver.Priority;
import dev.holdfast.core.problem.ProblemCode;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Publishes to ntfy as JSON, so that titles are texts and no headers. */
final class NtfySender implements Sender {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Longer ones become attachments, which phones do not show. */
    private static final int MOST_BYTES = 3800;

    private final Receiver.Ntfy ntfy;
    private final Map<String, String> environment;
    private final HttpPost http;

    NtfySender(Receiver.Ntfy ntfy, Map<String, String> environment, HttpPost http) {
        this.ntfy = ntfy;
        this.environment = environment;
        this.http = http;
    }

    @Override
    public void send(Notice notice) throws Undelivered {
        URI url = HttpPost.address(ntfy.url().reveal(environment), "the address of ntfy");
        String path = url.getPath() == null ? "" : url.getPath().replaceAll("/+$", "");
        String topic = ntfy.topic().orElse(path.substring(path.lastIndexOf('/') + 1));
        if (topic.isEmpty()) {
            throw Undelivered.yet(
                    ProblemCode.CONFIG, "the address of ntfy has no topic", "Put it at the end, or give `topic`.");
        }
        String root = ntfy.topic().isPresent() ? path + "/" : path.substring(0, path.lastIndexOf('/') + 1);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        ntfy.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token.reveal(environment)));
        http.send("POST", url.resolve(root), headers, body(notice, topic));
    }

    private byte[] body(Notice notice, String topic) {
        ObjectNode node = JSON.createObjectNode();
        node.put("topic", topic)
                .put("title", notice.title())
                .put("message", PlainText.fitting(notice.text(), MOST_BYTES))
                .put("priority", priority(notice).number());
        node.putArray("tags").add(tag(notice.kind()));
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts that are no JSON", e);
        }
    }

    private Priority priority(Notice notice) {
        if (!notice.kind().isTrouble()) {
            return Priority.DEFAULT;
        }
        boolean quiet =
                notice.isReminder() || notice.kind() == Notice.Kind.PARTIAL || notice.kind() == Notice.Kind.SPACE;
        return ntfy.priority().orElse(quiet ? Priority.DEFAULT : Priority.HIGH);
    }

    /** ntfy shows these as small pictures. */
    private static String tag(Notice.Kind kind) {
        return switch (kind) {
            case FAILED, MISSED, DAMAGE -> "rotating_light";
            case PARTIAL, SPACE -> "warning";
            case RECOVERED, DONE -> "white_check_mark";
            case STARTED, DIGEST, TEST -> "floppy_disk";
        };
    }
}
