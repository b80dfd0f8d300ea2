package dev.holdfast.core.transport;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.keys.primitive.GcmEngine;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.compression.BuiltinCompressions;
import org.apache.sshd.common.helpers.AbstractFactoryManager;
import org.apache.sshd.common.io.nio2.Nio2ServiceFactoryFactory;
import org.apache.sshd.common.kex.BuiltinDHFactories;
import org.apache.sshd.common.kex.DHFactory;
import org.apache.sshd.common.kex.KeyExchangeFactory;
import org.apache.sshd.common.mac.BuiltinMacs;
import org.apache.sshd.common.random.JceRandomFactory;
import org.apache.sshd.common.random.SingletonRandomFactory;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.core.CoreModuleProperties;

/**
 * The one set of algorithms and sizes that Holdfast speaks: post-quantum key exchange first, Ed25519 keys (and RSA keys as
 * privateer left them, never with SHA-1), AES-GCM before ChaCha20 (which is slow in Java), no compression, no agent, no forwarding. Nothing here is configurable by a peer.
 */
public final class SshProfile {
    /** The subsystem that carries the protocol. */
    public static final String SUBSYSTEM = "holdfast";

    private static final int HIGHEST_PACKET_BYTES = 256 * 1024;
    private static final List<BuiltinDHFactories> KEY_EXCHANGES = List.of(
            BuiltinDHFactories.mlkem768x25519,
            BuiltinDHFactories.sntrup761x25519,
            BuiltinDHFactories.sntrup761x25519_openssh,
            BuiltinDHFactories.curve25519);

    private SshProfile() {}

    /** Must run before any other class of the SSH library is touched: it decides which providers that uses. */
    public static void prepare() {
        GcmEngine.installForSsh();
        JdkProvider.install();
    }

    /** Refuses to start without the post-quantum key exchange that the profile names first. */
    public static void requirePostQuantum() {
        if (!KEY_EXCHANGES.get(0).isSupported()) {
            throw Problem.of(
                            ProblemCode.BUG,
                            "key exchange " + KEY_EXCHANGES.get(0).getName() + " is not available in this installation",
                            "The Bouncy Castle library beside the program does not fit; install the release again.")
                    .asException();
        }
    }

    /** Algorithms and back end, for a server or a client. */
    public static void applyAlgorithms(
            AbstractFactoryManager manager, Function<DHFactory, KeyExchangeFactory> keyExchangeOf) {
        manager.setIoServiceFactoryFactory(new Nio2ServiceFactoryFactory());
        manager.setRandomFactory(new SingletonRandomFactory(JceRandomFactory.INSTANCE));
        manager.setKeyExchangeFactories(
                KEY_EXCHANGES.stream().map(keyExchangeOf).toList());
        manager.setCipherFactories(
                List.of(BuiltinCiphers.aes128gcm, BuiltinCiphers.aes256gcm, BuiltinCiphers.cc20p1305_openssh));
        manager.setMacFactories(List.of(BuiltinMacs.hmacsha256etm, BuiltinMacs.hmacsha512etm));
        manager.setCompressionFactories(List.of(BuiltinCompressions.none));
        manager.setSignatureFactories(
                List.of(BuiltinSignatures.ed25519, BuiltinSignatures.rsaSHA512, BuiltinSignatures.rsaSHA256));
    }

    /** Sizes, rekeying and socket options. Liveness is the business of {@link Heartbeat}, not of the library's timers. */
    public static void applyFlow(AbstractFactoryManager manager, FlowLimits flow) {
        CoreModuleProperties.WINDOW_SIZE.set(manager, flow.windowBytes());
        CoreModuleProperties.MAX_PACKET_SIZE.set(manager, (long) flow.packetBytes());
        CoreModuleProperties.LIMIT_PACKET_SIZE.set(manager, (long) HIGHEST_PACKET_BYTES);
        CoreModuleProperties.REKEY_BYTES_LIMIT.set(manager, flow.rekeyBytes());
        CoreModuleProperties.REKEY_TIME_LIMIT.set(manager, Duration.ofHours(12));
        CoreModuleProperties.IGNORE_MESSAGE_FREQUENCY.set(manager, 0L);
        CoreModuleProperties.IDLE_TIMEOUT.set(manager, Duration.ZERO);
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(manager, Duration.ZERO);
        // A peer that does not read is not an error: a restore may wait for a slow disk. Heartbeats find dead peers.
        CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(manager, Duration.ofDays(365));
        CoreModuleProperties.DISCONNECT_TIMEOUT.set(manager, Duration.ofMillis(500));
        CoreModuleProperties.CHANNEL_CLOSE_TIMEOUT.set(manager, Duration.ofSeconds(2));
        CoreModuleProperties.STOP_WAIT_TIME.set(manager, Duration.ofSeconds(10));
        CoreModuleProperties.TCP_NODELAY.set(manager, true);
        CoreModuleProperties.SOCKET_KEEPALIVE.set(manager, true);
    }
}
