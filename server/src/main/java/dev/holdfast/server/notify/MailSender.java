package dev.holdfast.server.notify;

import dev.holdfast.core.config.Receiver;
import dev.holdfast.core.problem.ProblemCode;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Date;
import java.util.Map;
import java.util.Properties;
import javax.net.ssl.SSLException;

/** E-mail: plain text, with an HTML part where there is more to show. */
final class MailSender implements Sender {
    private static final String UTF_8 = "UTF-8";

    private final Receiver.Email email;
    private final Map<String, String> environment;
    private final Duration patience;

    MailSender(Receiver.Email email, Map<String, String> environment, Duration patience) {
        this.email = email;
        this.environment = environment;
        this.patience = patience;
    }

    @Override
    public void send(Notice notice) throws Undelivered {
        Session session = Session.getInstance(properties());
        try {
            MimeMessage message = message(session, notice);
            Transport transport = session.getTransport("smtp");
            try {
                if (email.user().isPresent() && email.password().isPresent()) {
                    String password = email.password().get().reveal(environment);
                    transport.connect(email.host(), email.port(), email.user().get(), password);
                } else {
                    transport.connect(email.host(), email.port(), null, null);
                }
                transport.sendMessage(message, message.getAllRecipients());
            } finally {
                leave(transport);
            }
        } catch (MessagingException e) {
            throw undelivered(e);
        }
    }

    /** What was accepted is accepted, however the farewell goes. */
    private static void leave(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            // the message has been answered for already, or the failure that led here is thrown
        }
    }

    private Properties properties() throws Undelivered {
        Properties properties = new Properties();
        String millis = Long.toString(patience.toMillis());
        properties.put("mail.smtp.connectiontimeout", millis);
        properties.put("mail.smtp.timeout", millis);
        properties.put("mail.smtp.writetimeout", millis);
        properties.put("mail.smtp.auth", Boolean.toString(email.user().isPresent()));
        properties.put("mail.smtp.localhost", ownName());
        properties.put("mail.smtp.starttls.enable", Boolean.toString(email.tls() == Receiver.Tls.STARTTLS));
        properties.put("mail.smtp.starttls.required", Boolean.toString(email.tls() == Receiver.Tls.STARTTLS));
        properties.put("mail.smtp.ssl.enable", Boolean.toString(email.tls() == Receiver.Tls.TLS));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        if (email.ca().isPresent()) {
            properties.put(
                    "mail.smtp.ssl.socketFactory", Trust.in(email.ca().get()).getSocketFactory());
            properties.put("mail.smtp.ssl.socketFactory.fallback", "false");
        }
        return properties;
    }

    private MimeMessage message(Session session, Notice notice) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(email.from().orElse("holdfast@" + ownName())));
        for (String to : email.to()) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(to));
        }
        message.setSubject("[holdfast " + notice.server() + "] " + notice.title(), UTF_8);
        message.setSentDate(Date.from(notice.at()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setHeader("X-Holdfast-Kind", notice.kind().word());
        if (notice.html().isEmpty()) {
            message.setText(notice.text(), UTF_8);
        } else {
            MimeMultipart both = new MimeMultipart("alternative");
            both.addBodyPart(part(notice.text(), "plain"));
            both.addBodyPart(part(notice.html(), "html"));
            message.setContent(both);
        }
        message.saveChanges();
        return message;
    }

    private static MimeBodyPart part(String text, String kind) throws MessagingException {
        MimeBodyPart part = new MimeBodyPart();
        part.setText(text, UTF_8, kind);
        return part;
    }

    private static String ownName() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.matches("[A-Za-z0-9][A-Za-z0-9.-]{0,250}") ? name : "localhost";
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private Undelivered undelivered(MessagingException e) {
        String server = email.host() + ":" + email.port();
        if (e instanceof AuthenticationFailedException) {
            return Undelivered.yet(
                    ProblemCode.DENIED,
                    server + " refused the login: " + reason(e),
                    "Look at `user` and `password` of the channel.");
        }
        if (e instanceof SendFailedException) {
            return Undelivered.yet(
                    ProblemCode.DENIED,
                    server + " refused the message: " + reason(e),
                    "Look at `from` and `to` of the channel, and whether the server wants a login.");
        }
        if (hasCause(e, SSLException.class)) {
            return Undelivered.yet(
                    ProblemCode.UNREACHABLE,
                    server + " cannot be trusted: " + reason(e),
                    "Look at `tls` and at the server's certificate; name its own authority by `ca`.");
        }
        if (String.valueOf(e.getMessage()).contains("STARTTLS")) {
            return Undelivered.yet(
                    ProblemCode.UNREACHABLE,
                    server + " does not offer STARTTLS",
                    "Write `tls: tls` with its port for that, or `tls: none` on a network that you trust.");
        }
        boolean network = hasCause(e, IOException.class);
        return Undelivered.yet(
                network ? ProblemCode.UNREACHABLE : ProblemCode.FAILED,
                server + (network ? " is not reached: " : " did not take the message: ") + reason(e),
                "Look whether it runs, and at `host`, `port` and `tls` of the channel.");
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String reason(MessagingException e) {
        Throwable inner = e;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        String message = inner.getMessage();
        return message == null || message.isBlank() ? inner.getClass().getSimpleName() : message.strip();
    }
}
