package dev.holdfast.keys.vault;

import static dev.holdfast.keys.Failures.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.keys.KeyException;
import dev.holdfast.keys.KeyException.Reason;
import dev.holdfast.keys.store.KeyEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a Vault is said with what to do, in bounded time, and without a token. */
@Timeout(60)
final class VaultTroubleTest {
    private static final String TOKEN = "hvs.tell-nobody";

    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final VaultLimits limits = new VaultLimits(
            Duration.ofSeconds(5), Duration.ofSeconds(10), 4, Duration.ofSeconds(50), pauses::add, notices::add);

    private VaultKeyStore open(URI url, String prefix) {
        return VaultKeyStore.open(
                new VaultSettings(url, prefix, Optional.empty(), Optional.empty()),
                VaultCredentials.typed(TOKEN.toCharArray()),
                limits);
    }

    private KeyException refused(URI url) {
        KeyException e = failure(() -> open(url, "/secret/ship"));
        assertThat(e.toString() + e.hint()).doesNotContain(TOKEN);
        return e;
    }

    @Test
    void aSealedVaultIsNotAskedTwice() throws IOException {
        try (VaultStub stub = VaultStub.start(2)) {
            stub.seal(true);
            KeyException e = refused(stub.url());
            assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(e).hasMessage("the Vault at " + stub.url() + " is sealed");
            assertThat(e.hint()).contains("vault operator unseal");
            assertThat(stub.requests()).hasSize(1);
        }
    }

    @Test
    void whatMayPassIsTriedAgainWithGrowingPausesAndNotForEver() throws IOException {
        try (VaultStub stub = VaultStub.start(2)) {
            stub.allow(TOKEN, "");
            for (int status : List.of(429, 500, 502, 412)) {
                stub.failNext(3, status);
                open(stub.url(), "/secret/ship").close();
            }
            assertThat(pauses.subList(0, 3))
                    .containsExactly(Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1));
            stub.failNext(4, 500);
            KeyException e = refused(stub.url());
            assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(e).hasMessageContaining("status 500: internal error");
            stub.failNext(4, 429);
            assertThat(refused(stub.url())).hasMessageContaining("too many requests");
        }
    }

    @Test
    void aTokenThatIsUnknownAndOneThatMayNotAreToldApart() throws IOException {
        try (VaultStub stub = VaultStub.start(2)) {
            KeyException unknown = refused(stub.url());
            assertThat(unknown.reason()).isEqualTo(Reason.DENIED);
            assertThat(unknown).hasMessageContaining("does not know the token");
            assertThat(unknown.hint())
                    .startsWith("Get a new one with `vault login`")
                    .endsWith("or VAULT_NAMESPACE.");

            stub.allow(TOKEN, "secret/data/other");
            KeyException narrow = refused(stub.url());
            assertThat(narrow.reason()).isEqualTo(Reason.DENIED);
            assertThat(narrow).hasMessageContaining("does not let this token read");
            assertThat(narrow.hint())
                    .contains("some-policy")
                    .contains("capabilities")
                    .contains("`vault.namespace`");

            stub.allow(TOKEN, "sys/internal", "secret/data/ship/holdfast");
            try (VaultKeyStore store = open(stub.url(), "/secret/ship")) {
                assertThat(failure(() -> store.get(KeyEntry.ssh("alice"))).hint())
                        .contains("path \"secret/data/ship/alice\" { capabilities = [\"read\"] }");
                assertThat(failure(store::machines).hint())
                        .contains("path \"secret/metadata/ship\" { capabilities = [\"list\"] }");
            }
        }
    }

    @Test
    void aRefusedTokenOfTheConfigurationIsSaidToGoBeforeThatOfTheEnvironment() throws IOException {
        try (VaultStub stub = VaultStub.start(2)) {
            VaultCredentials credentials = VaultCredentials.find(
                            new VaultCredentials.Configured(Optional.of(TOKEN), Optional.empty(), Optional.empty()),
                            Map.of("VAULT_TOKEN", VaultStub.ROOT))
                    .orElseThrow();
            VaultSettings settings = new VaultSettings(stub.url(), "/secret/ship", Optional.empty(), Optional.empty());
            KeyException e = failure(() -> VaultKeyStore.open(settings, credentials, limits));
            assertThat(e).hasMessageContaining("does not know the token of vault.token of the configuration");
            assertThat(e.hint()).contains("goes before VAULT_TOKEN").doesNotContain(TOKEN);
        }
    }

    @Test
    void anAddressThatEndsInTheVersionIsSaidToDoSo() throws IOException {
        try (VaultStub stub = VaultStub.start(2)) {
            stub.allow(TOKEN, "");
            for (String end : List.of("/v1", "/v1/")) {
                assertThat(refused(URI.create(stub.url() + end)).hint())
                        .startsWith("`vault.url` ends in `/v1`: give the address alone");
            }
        }
    }

    @Test
    void whoHasNamedANamespaceIsNotToldOfIt() throws IOException {
        try (VaultStub stub = VaultStub.start(2)) {
            KeyException e = failure(() -> VaultKeyStore.open(
                    new VaultSettings(stub.url(), "/secret/ship", Optional.of("team"), Optional.empty()),
                    VaultCredentials.typed(TOKEN.toCharArray()),
                    limits));
            assertThat(e.hint()).contains("vault login").doesNotContain("amespace");
        }
    }

    @Test
    void aPrefixWithoutAnEngineIsSaidToHaveNone() throws IOException {
        try (VaultStub stub = VaultStub.startAt(2, "kv/")) {
            stub.allow(TOKEN, "");
            KeyException e = refused(stub.url());
            assertThat(e.reason()).isEqualTo(Reason.MISSING);
            assertThat(e).hasMessageContaining("no key-value engine at 'secret/ship'");
            assertThat(e.hint()).contains("vault secrets list").contains("`vault.namespace`");
        }
    }

    @Test
    void aVaultThatNeverAnswersIsGivenUp() throws IOException {
        try (VaultStub stub = VaultStub.start(2)) {
            stub.hang();
            KeyException e = failure(() -> openSlow(stub, 2, Duration.ofSeconds(10)));
            assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(e).hasMessageContaining("no answer within").hasMessageContaining("asked 2 times");
        }
    }

    private VaultKeyStore openSlow(VaultStub stub, int attempts, Duration total) {
        return VaultKeyStore.open(
                new VaultSettings(stub.url(), "/secret/ship", Optional.empty(), Optional.empty()),
                VaultCredentials.typed(TOKEN.toCharArray()),
                new VaultLimits(
                        Duration.ofSeconds(5), Duration.ofMillis(50), attempts, total, pauses::add, notices::add));
    }

    @Test
    void whoeverWaitsIsToldOnceAndNotForLong() throws IOException {
        try (VaultStub stub = VaultStub.start(2)) {
            stub.hang();

            KeyException e = failure(() -> openSlow(stub, 1_000_000, Duration.ofMillis(160)));

            assertThat(e).hasMessageContaining("no answer within");
            assertThat(pauses).hasSizeBetween(1, 3);
            assertThat(notices).singleElement().asString().contains("keeps us waiting (no answer within");
        }
    }

    @Test
    void nobodyThereAndNoSuchHostAreSaidSo() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        KeyException refused = refused(URI.create("http://localhost:" + port));
        assertThat(refused).hasMessageContaining("connection refused, asked 4 times");
        assertThat(refused.hint()).contains("curl http://localhost:" + port + "/v1/sys/health");
        pauses.clear();
        assertThat(refused(URI.create("http://no-such-host.invalid:8200")))
                .hasMessageContaining("no host of that name");
        assertThat(pauses).isEmpty();
    }

    @Test
    void somethingThatIsNoVaultIsRecognised() throws IOException {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            byte[] page = "<html>not here</html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(404, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        web.start();
        try {
            KeyException e =
                    refused(URI.create("http://localhost:" + web.getAddress().getPort() + "/ui"));
            assertThat(e).hasMessageContaining("is no Vault");
            assertThat(e.hint()).contains("without /v1 or /ui");
        } finally {
            web.stop(0);
        }
    }

    @Test
    void anAnswerOfAnyLengthIsNotTaken() throws IOException {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] part = new byte[1 << 20];
            try {
                for (int at = 0; at < 64; at++) {
                    exchange.getResponseBody().write(part);
                }
            } catch (IOException e) {
                // The client has hung up, as it should.
            }
            exchange.close();
        });
        web.start();
        try {
            assertThat(refused(URI.create("http://localhost:" + web.getAddress().getPort())))
                    .hasMessageContaining("longer than");
        } finally {
            web.stop(0);
        }
    }

    @Test
    void aVaultWithAnAuthorityOfItsOwnIsTrustedOnlyByItsCertificate(@TempDir Path folder)
            throws IOException, GeneralSecurityException {
        KeyStore identity = KeyStore.getInstance("PKCS12");
        char[] password = "changeit".toCharArray();
        try (InputStream in = VaultTroubleTest.class.getResourceAsStream("localhost.p12")) {
            identity.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(identity, password);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(keys.getKeyManagers(), null, null);
        Path authority = folder.resolve("ca.pem");
        Files.writeString(
                authority,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(
                                        identity.getCertificate("localhost").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        try (VaultStub stub = VaultStub.startWithTls(2, tls)) {
            stub.allow(TOKEN, "");
            KeyException stranger = refused(stub.url());
            assertThat(stranger)
                    .hasMessage("cannot trust the Vault at " + stub.url()
                            + ": its certificate is signed by an authority that this machine does not know");
            assertThat(stranger.hint()).contains("vault.ca").contains("VAULT_CACERT");
            try (VaultKeyStore store = VaultKeyStore.open(
                    new VaultSettings(stub.url(), "/secret/ship", Optional.of("team/a"), Optional.of(authority)),
                    VaultCredentials.typed(TOKEN.toCharArray()),
                    limits)) {
                store.put(KeyEntry.ssh("alice"), new byte[] {1});
            }
            assertThat(stub.namespaces()).isNotEmpty().containsOnly("team/a");
            URI plain = URI.create(stub.url().toString().replace("https", "http"));
            KeyException unprotected = refused(plain);
            assertThat(unprotected.reason()).isEqualTo(Reason.UNREACHABLE);
            assertThat(unprotected)
                    .hasMessage("the Vault at " + plain
                            + " takes plain http and hangs up without an answer, asked 4 times");
            assertThat(unprotected.hint()).contains("`https://`", "`vault.ca`");
        }
        Files.writeString(authority, "no certificate");
        KeyException unusable = failure(() -> VaultClient.trusting(authority));
        assertThat(unusable.hint()).contains("PEM");
    }

    @Test
    void aCertificateThatIsOverOrForAnotherNameIsSaidToBeSo() {
        KeyException over = untrusted(new CertificateExpiredException("NotAfter: yesterday"), Optional.empty());
        assertThat(over).hasMessageEndingWith("its certificate is not valid now: NotAfter: yesterday");
        assertThat(over.hint()).contains("renew", "`date`");
        KeyException other = untrusted(
                new CertificateException("No subject alternative DNS name matching vault.example found."),
                Optional.empty());
        assertThat(other).hasMessageEndingWith("its certificate is for another name than 'vault.example'");
        assertThat(other.hint())
                .contains("`vault.url`", "openssl s_client -connect vault.example:443")
                .doesNotContain("VAULT_CACERT");
        KeyException stranger = untrusted(
                new CertPathBuilderException("unable to find valid certification path"),
                Optional.of(Path.of("/etc/ca.pem")));
        assertThat(stranger).hasMessageEndingWith("an authority that /etc/ca.pem does not have");
        assertThat(stranger.hint()).contains("`vault.ca` or VAULT_CACERT names");
    }

    private static KeyException untrusted(Exception why, Optional<Path> authorities) {
        SSLHandshakeException refused = new SSLHandshakeException("(certificate_unknown) PKIX path");
        refused.initCause(why);
        return new VaultTrouble(
                        new VaultSettings(
                                URI.create("https://vault.example"), "/secret", Optional.empty(), authorities),
                        VaultCredentials.typed(TOKEN.toCharArray()))
                .unreachable(refused, 1);
    }

    @Test
    void whoeverWantsHttpsIsNotSaidToBeNoVault() throws IOException {
        for (String complaint : List.of(
                "Client sent an HTTP request to an HTTPS server.\n",
                "<center>The plain HTTP request was sent to HTTPS port</center>")) {
            HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            web.createContext("/", exchange -> {
                byte[] page = complaint.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(400, page.length);
                exchange.getResponseBody().write(page);
                exchange.close();
            });
            web.start();
            try {
                KeyException e = refused(
                        URI.create("http://localhost:" + web.getAddress().getPort()));
                assertThat(e).hasMessageContaining("wants https").hasMessageNotContaining("no Vault");
                assertThat(e.hint()).contains("`https://`");
            } finally {
                web.stop(0);
            }
        }
    }

    @Test
    void anAnswerInTlsToPlainHttpIsSaidToWantHttps() throws IOException {
        try (ServerSocket tls = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            byte[] alert = {21, 3, 3, 0, 2, 2, 80, '\r', '\n', '\r', '\n'};
            Thread server = new Thread(() -> answerAll(tls, alert));
            server.start();
            assertThat(refused(URI.create("http://localhost:" + tls.getLocalPort())))
                    .hasMessageEndingWith("wants https, and the configuration says http");
            assertThat(pauses).as("asking again is of no use").isEmpty();
        }
    }

    @Test
    void plainHttpWhereTlsIsMeantIsSaidSo() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(
                    () -> answerAll(plain, "HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            server.start();
            assertThat(refused(URI.create("https://localhost:" + plain.getLocalPort())))
                    .hasMessageContaining("does not speak TLS");
        }
    }

    /** Each attempt gets the same answer, until the socket is closed. */
    private static void answerAll(ServerSocket plain, byte[] answer) {
        while (!plain.isClosed()) {
            try (Socket caller = plain.accept()) {
                caller.getOutputStream().write(answer);
                caller.shutdownOutput();
                // Closed with bytes unread, the connection would be reset, and the answer might be lost.
                caller.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // This caller has gone, or the test is over.
            }
        }
    }
}
