package dev.holdfast.agent.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ConnectingTest {
    /** As the SSH library wraps it. */
    private static String why(IOException cause) {
        String wrapped = "DefaultConnectFuture[alice@/10.93.0.1:10022]: Failed (" + cause.getClass() + ") to execute";
        return Connecting.why(new IOException(wrapped, cause), Duration.ofSeconds(7));
    }

    @Test
    void theReasonIsThatOfTheNetworkWithoutInternals() {
        assertThat(why(new NoRouteToHostException("No route to host"))).isEqualTo("no route to host");
        assertThat(why(new NoRouteToHostException("No route to host: /10.93.0.1:10022")))
                .isEqualTo("no route to host");
        assertThat(why(new ConnectException("Connection refused"))).isEqualTo("connection refused");
        assertThat(why(new SocketTimeoutException("late"))).isEqualTo("no answer within 7 s");
    }
}
