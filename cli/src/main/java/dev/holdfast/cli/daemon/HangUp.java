package dev.holdfast.cli.daemon;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Calls back on SIGHUP, by which administrators ask a server to read its configuration again, and {@code logrotate} to let go of a
 * log file. Java has no supported way to notice
 * a signal; {@code sun.misc.Signal} of the module {@code jdk.unsupported} has done it in every JDK so far. It is reached by
 * reflection, so that a JDK without it costs only this convenience: {@code holdfast server reload} does the same.
 */
public final class HangUp {
    private HangUp() {}

    /** Whether the signal will be noticed from now on. */
    public static boolean onSignal(Runnable... actions) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object callback = Proxy.newProxyInstance(
                    HangUp.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            List.of(actions).forEach(Runnable::run);
                            return null;
                        }
                        return method.getName().equals("equals")
                                ? (Object) (proxy == arguments[0])
                                : method.getName().equals("hashCode") ? (Object) 0 : "SIGHUP";
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), callback);
            return true;
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            return false;
        }
    }
}
