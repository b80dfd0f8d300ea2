package dev.holdfast.server.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.holdfast.core.config.Channel;
import dev.holdfast.core.problem.ProblemCode;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** E-mail by way of a real SMTP server. */
@Timeout(120)
final class MailSenderTest {
    @TempDir
    Path folder;

    private GreenMail smtp;

    @BeforeEach
    void startServer() {
        smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        smtp.start();
        smtp.setUser("ops@example.org", "holdfast", "right");
    }

    @AfterEach
    void stopServer() {
        smtp.stop();
    }

    private Sender sender(int port, String more) {
        Channel channel = Things.configuration("notify:\n  - email: { to: ops@example.org, from: backup@example.org,"
                        + " host: 127.0.0.1, port: " + port + ", " + more + " }\n")
                .channels()
                .get(0);
        return Senders.of(channel, Map.of("WRONG", "wrong"), Duration.ofSeconds(5));
    }

    private static Undelivered refused(Sender sender) {
        return catchThrowableOfType(Undelivered.class, () -> sender.send(Things.notice(Notice.Kind.FAILED, "x")));
    }

    private MimeMessage received() {
        assertThat(smtp.waitForIncomingEmail(10_000, 1)).isTrue();
        return smtp.getReceivedMessages()[0];
    }

    @Test
    void aNoticeComesAsPlainTextWithItsTitleAsSubject() throws Exception {
        sender(smtp.getSmtp().getPort(), "tls: none")
                .send(Things.notice(Notice.Kind.FAILED, "backup of prod/größe failed"));

        MimeMessage message = received();
        assertThat(message.getSubject()).isEqualTo("[holdfast annex] backup of prod/größe failed");
        assertThat(message.getFrom()[0]).hasToString("backup@example.org");
        assertThat(message.getAllRecipients()[0]).hasToString("ops@example.org");
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(message.getContentType()).startsWith("text/plain");
        assertThat(((String) message.getContent()).strip().lines()).containsExactly("what happened", "and what to do");
    }

    @Test
    void nothingThatAHostSaysBecomesAHeader() throws Exception {
        sender(smtp.getSmtp().getPort(), "tls: none")
                .send(Things.notice(Notice.Kind.FAILED, "a\r\nBcc: evil@example.org\n\nevil\u2028X: y"));

        MimeMessage message = received();
        assertThat(message.getHeader("Bcc")).isNull();
        assertThat(message.getAllRecipients()).hasSize(1);
        assertThat(message.getSubject()).isEqualTo("[holdfast annex] a  Bcc: evil@example.org  evil X: y");
        assertThat((String) message.getContent()).startsWith("what happened");
    }

    @Test
    void aSummaryHasATextAndAnHtmlPart() throws Exception {
        sender(smtp.getSmtp().getPort(), "tls: none")
                .send(new Wording("annex", ZoneOffset.UTC, Things.NOON)
                        .digest("weekly summary", "as text", "<p>as html</p>"));

        MimeMultipart parts = (MimeMultipart) received().getContent();
        assertThat(parts.getContentType()).startsWith("multipart/alternative");
        assertThat(((String) parts.getBodyPart(0).getContent()).strip()).isEqualTo("as text");
        assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
        assertThat(((String) parts.getBodyPart(1).getContent()).strip()).isEqualTo("<p>as html</p>");
    }

    @Test
    void aLoginThatIsWrongIsSaidSoWithoutThePassword() throws Exception {
        int port = smtp.getSmtp().getPort();
        Undelivered refused = refused(sender(port, "tls: none, user: holdfast, password: $WRONG"));
        assertThat(refused.problem().code()).isEqualTo(ProblemCode.DENIED);
        assertThat(refused.problem().message()).contains("refused the login").doesNotContain("wrong");

        Files.writeString(folder.resolve("password"), "right\n");
        sender(port, "tls: none, user: holdfast, password_file: '" + folder.resolve("password") + "'")
                .send(Things.notice(Notice.Kind.FAILED, "x"));
        assertThat(received().getSubject()).endsWith("x");
    }

    @Test
    void tlsIsProvedByTheOwnAuthorityAndByNothingElse() throws Exception {
        SelfSigned own = SelfSigned.make(folder, "ip:127.0.0.1");
        for (boolean startTls : new boolean[] {true, false}) {
            try (TlsFront front = TlsFront.start(own.context(), smtp.getSmtp().getPort(), startTls)) {
                String tls = "tls: " + (startTls ? "starttls" : "tls");
                assertThat(refused(sender(front.port(), tls)).problem().message())
                        .contains("cannot be trusted");
                assertThat(smtp.getReceivedMessages()).isEmpty();

                sender(front.port(), tls + ", user: holdfast, password: right, ca: '" + own.pem() + "'")
                        .send(Things.notice(Notice.Kind.FAILED, "by " + tls));
                assertThat(received().getSubject()).endsWith(tls);
                smtp.purgeEmailFromAllMailboxes();
            }
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        SelfSigned other = SelfSigned.make(folder, "dns:elsewhere.example.org");
        try (TlsFront front = TlsFront.start(other.context(), smtp.getSmtp().getPort(), false)) {
            assertThat(refused(sender(front.port(), "tls: tls, ca: '" + other.pem() + "'"))
                            .problem()
                            .code())
                    .isEqualTo(ProblemCode.UNREACHABLE);
        }
        assertThat(smtp.getReceivedMessages()).isEmpty();
    }

    @Test
    void aServerWithoutStartTlsGetsNothingInTheClear() {
        Undelivered refused =
                refused(sender(smtp.getSmtp().getPort(), "tls: starttls, user: holdfast, password: right"));
        assertThat(refused.problem().message()).contains("does not offer STARTTLS");
        assertThat(smtp.getReceivedMessages()).isEmpty();
    }

    @Test
    void aServerThatHangsRefusesOrIsNotThereIsSaidSo() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Undelivered silent = refused(sender(socket.getLocalPort(), "tls: none"));
            assertThat(silent.problem().code()).isEqualTo(ProblemCode.UNREACHABLE);

            Thread answering = new Thread(() -> {
                try (Socket client = second(socket)) {
                    client.getOutputStream().write("554 no service for you\r\n".getBytes(StandardCharsets.US_ASCII));
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    // the test sees what came of it
                }
            });
            answering.start();
            Undelivered unwilling = refused(sender(socket.getLocalPort(), "tls: none"));
            assertThat(unwilling.problem().message()).contains("554");
            closed = socket.getLocalPort();
        }
        assertThat(refused(sender(closed, "tls: none")).problem().message()).contains("is not reached");
    }

    /** The first is the one that got no answer. */
    private static Socket second(ServerSocket socket) throws IOException {
        socket.accept().close();
        return socket.accept();
    }

    @Test
    void aNoticeWithoutAnythingMoreIsComplete() throws Exception {
        Notice bare = new Notice(
                Notice.Kind.TEST,
                Notice.Occasion.FIRST,
                "annex",
                "",
                "",
                Things.NOON,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Set.of(),
                "t",
                "text",
                "");
        sender(smtp.getSmtp().getPort(), "tls: none").send(bare);
        assertThat(received().getSentDate()).isEqualTo(Date.from(Things.NOON));
    }
}
