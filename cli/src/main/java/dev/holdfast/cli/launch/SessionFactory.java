package dev.holdfast.cli.launch;

import dev.holdfast.cli.command.Session;
import java.lang.reflect.Constructor;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;

/** Gives each command the session, when picocli comes to need that command. */
final class SessionFactory implements IFactory {
    private final Session session;
    private final IFactory plain = CommandLine.defaultFactory();

    SessionFactory(Session session) {
        this.session = session;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        Constructor<K> constructor;
        try {
            constructor = type.getDeclaredConstructor(Session.class);
        } catch (NoSuchMethodException e) {
            // Not a command but a converter, a mixin or the like.
            return plain.create(type);
        }
        constructor.setAccessible(true);
        return constructor.newInstance(session);
    }
}
