package dev.holdfast.cli.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.holdfast.server.transport.SshEndpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Where the log goes. Most commands have none: {@link NoLogging} is chosen before anything else, and Logback is then not even loaded.
 * A server turns it on before its first class is touched. It is set up here and not in a file because it has two switches only,
 * and Logback's reader of XML would cost a good part of the start.
 */
public final class Logging {
    /** What agents send may appear in messages: nothing in them may begin a line or steer a terminal. */
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%X{host:--}] %logger{0}: %replace(%msg){'\\p{Cntrl}+', ' '}%n";

    private static final FileSize LARGEST = FileSize.valueOf("10MB");
    private static final int OLD_FILES = 5;

    private Logging() {}

    /** Logs to a stream, such as stderr. Verbosity 0 is one line per run or change, 1 says more, 2 also what libraries say. */
    public static void to(OutputStream stream, int verbosity) {
        LoggerContext context = turnOn(verbosity);
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder(context));
        appender.setOutputStream(stream);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }

    /**
     * Logs to a file; at 10 MB it is renamed to {@code FILE.1} and so on, and five old ones are kept. The answer is to be run when
     * somebody else may have moved the file away: it begins a new one then, and no line is lost.
     */
    public static Runnable to(Path file, int verbosity) {
        LoggerContext context = turnOn(verbosity);
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setEncoder(encoder(context));
        appender.setFile(file.toString());
        FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
        names.setContext(context);
        names.setParent(appender);
        // A percent sign in the path would be taken for a conversion word.
        names.setFileNamePattern(file.toString().replace("%", "\\%") + ".%i");
        names.setMinIndex(1);
        names.setMaxIndex(OLD_FILES);
        names.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(LARGEST);
        size.start();
        appender.setRollingPolicy(names);
        appender.setTriggeringPolicy(size);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        return () -> reopen(appender);
    }

    private static void reopen(FileAppender<ILoggingEvent> appender) {
        try {
            appender.openFile(appender.getFile());
        } catch (IOException e) {
            LoggerFactory.getLogger(Logging.class)
                    .warn("the log goes on in the file that was moved away: {}", e.getMessage());
        }
    }

    private static LoggerContext turnOn(int verbosity) {
        System.setProperty(NoLogging.PROVIDER, "ch.qos.logback.classic.spi.LogbackServiceProvider");
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("something logged before the log was set up");
        }
        context.reset();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(verbosity > 1 ? Level.DEBUG : Level.WARN);
        context.getLogger("dev.holdfast").setLevel(verbosity > 0 ? Level.DEBUG : Level.INFO);
        context.getLogger(SshEndpoint.LIBRARY_VOICE).setLevel(verbosity > 1 ? Level.DEBUG : Level.ERROR);
        return context;
    }

    private static PatternLayoutEncoder encoder(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setPattern(PATTERN);
        encoder.start();
        return encoder;
    }
}
