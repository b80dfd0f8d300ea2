package dev.holdfast.cli.daemon;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Calls back on a signal: on SIGHUP, by which administrators ask a server to read its configuration again, and {@code logrotate} to
 * let go of a log file; on SIGTERM, which is else not to be told from Ctrl-C. Java has no supported way to notice a signal; {@code
 * sun.misc.Signal} of the module {@code jdk.unsupported} has done it in every JDK so far. It is reached by reflection, so that a JDK
 * without it costs only these conveniences.
 */
public final class Signals {
    private Signals() {}

    /**
     * Does this from now on when the signal comes, instead of what Java does; false when that is impossible.
     *
     * @param name such as {@code "HUP"}
     */
    public static boolean on(String name, Runnable... actions) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object callback = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            List.of(actions).forEach(Runnable::run);
                            return null;
                        }
                        return method.getName().equals("equals")
                                ? (Object) (proxy == arguments[0])
                                : method.getName().equals("hashCode") ? (Object) 0 : "SIG" + name;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), callback);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
