package dev.holdfast.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NotifyConfigurationTest {
    @TempDir
    Path folder;

    private static List<Channel> channels(String... items) {
        return configuration(items).channels();
    }

    private static Configuration configuration(String... items) {
        return Fixtures.valid(Fixtures.MINIMAL + "notify:\n  - " + String.join("\n  - ", items) + "\n");
    }

    @Test
    void anAddressIsEnoughForAChannelThatTellsAllThatSomebodyMustKnow() {
        Channel channel = channels("ntfy: https://ntfy.example.org/backups").get(0);

        assertThat(channel.name()).isEqualTo("ntfy-1");
        assertThat(channel.on()).doesNotContain(NotifyEvent.DIGEST).hasSize(6);
        assertThat(channel.reach().covers("any", "thing")).isTrue();
        assertThat(channel.reach().isWhole()).isTrue();
    }

    @Test
    void channelsHaveTheirReachByPatterns() {
        Channel channel = channels("{ webhook: $HOOK, hosts: ['prod*'], volumes: [data] }")
                .get(0);

        assertThat(channel.reach().covers("production", "data")).isTrue();
        assertThat(channel.reach().covers("uat", "data")).isFalse();
        assertThat(channel.reach().covers("production", "other")).isFalse();
        assertThat(channel.reach().isWhole()).isFalse();
        assertThat(channel.reach().isOf("annex")).isTrue();
    }

    @Test
    void eMailKnowsThePortOfItsProtection() {
        for (Map.Entry<String, Integer> one :
                Map.of("none", 25, "starttls", 587, "tls", 465).entrySet()) {
            Receiver.Email email =
                    (Receiver.Email) channels("email: { to: ops@example.org, host: mail, tls: " + one.getKey() + " }")
                            .get(0)
                            .receiver();
            assertThat(email.port()).isEqualTo(one.getValue());
        }
    }

    @Test
    void secretsAreNeverShown() {
        Configuration configuration = configuration(
                "webhook: { url: https://hooks.example.org/S3CRET, headers: { X-Login: S3CRET } }",
                "ntfy: { url: https://ntfy.example.org/S3CRET, token: S3CRET }",
                "healthchecks: https://hc-ping.com/S3CRET/{host}",
                "email: { to: ops@example.org, host: mail, user: u, password: S3CRET }");

        String shown = configuration.rows().stream().map(Object::toString).collect(Collectors.joining("\n"));
        assertThat(shown).doesNotContain("S3CRET").contains("https://hc-ping.com/…", "(set)");
        assertThat(configuration.toString()).doesNotContain("S3CRET");
    }

    @Test
    void secretsAreNotQuotedInProblemsBesideThem() {
        String text = Fixtures.MINIMAL + "notify:\n"
                + "  - { webhook: { url: https://hooks.example.org/S3CRET, wrong: 1, headers: { Authorization: S3CRET } } }\n"
                + "  - { email: { to: 7, host: mail, user: u, password: S3CRET } }\n";
        String told = ConfigurationProblem.render(Fixtures.read(text).problems());
        assertThat(told).contains("unknown key 'wrong'").doesNotContain("S3CRET");
    }

    @Test
    void aSecretIsFoundWhereItIsSaidToBe() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "of the file\n");

        assertThat(Secret.of("itself", folder).reveal(Map.of())).isEqualTo("itself");
        assertThat(Secret.of("$TOKEN", folder).reveal(Map.of("TOKEN", "of the environment")))
                .isEqualTo("of the environment");
        assertThat(Secret.of("file:token", folder).reveal(Map.of())).isEqualTo("of the file");
        assertThat(Secret.inFile(file).reveal(Map.of())).isEqualTo("of the file");
        assertThatThrownBy(() -> Secret.of("$TOKEN", folder).reveal(Map.of())).hasMessageContaining("TOKEN is not set");
        assertThatThrownBy(() -> Secret.of("file:none", folder).reveal(Map.of()))
                .hasMessageContaining("none");
        Files.writeString(file, "two\nlines");
        assertThatThrownBy(() -> Secret.of("file:token", folder).reveal(Map.of()))
                .hasMessageContaining("one line");
    }

    @Test
    void nothingThatIsPutIntoATemplateChangesItsForm() {
        Receiver.Webhook hook = (Receiver.Webhook) channels(
                        "webhook: { url: https://h, template: '{\"text\": \"{{title}}: {{ text }}\", \"by\": \"{{server}}\"}' }")
                .get(0)
                .receiver();
        String body = hook.template()
                .orElseThrow()
                .render(Map.of("title", "a\", \"by\": \"evil", "text", "line\nnext\\ {{server}}", "server", "annex"));

        assertThat(body)
                .isEqualTo(
                        "{\"text\": \"a\\\", \\\"by\\\": \\\"evil: line\\nnext\\\\ {{server}}\", \"by\": \"annex\"}");
    }

    @Test
    void aTemplateWithAFieldOutsideOfQuotesIsRefused() {
        for (String template : List.of("{\"n\": {{title}} }", "{{text}}", "{} {}", "{\"a\": ", "no json")) {
            assertThat(MessageTemplate.isJson(template)).as(template).isFalse();
        }
        assertThat(MessageTemplate.isJson("{\"{{kind}}\": [\"{{title}}\", 1]}")).isTrue();
    }

    @Test
    void whatIsNotSaidOfTheWatchIsUsual() {
        Watch usual = Fixtures.valid(Fixtures.MINIMAL).watch();
        assertThat(usual.graceInForce()).isEqualTo(Duration.ofHours(1));
        assertThat(usual.remindInForce()).isEqualTo(Duration.ofHours(24));

        Watch said = Fixtures.valid(
                        Fixtures.MINIMAL + "watch: { grace: 5m, space: 1GiB, digest: { on: friday, at: '16:30' } }\n")
                .watch();
        assertThat(said.graceInForce()).isEqualTo(Duration.ofMinutes(5));
        assertThat(said.spaceInForce()).isEqualTo(1 << 30);
        assertThat(said.digestInForce()).isEqualTo(new Watch.Digest(DayOfWeek.FRIDAY, LocalTime.of(16, 30)));
    }

    @Test
    void onlyWhatLeavesTheMachineUnprotectedIsOpenToAll() {
        List<Channel> channels = channels(
                "webhook: http://hooks.example.org/x",
                "webhook: http://127.0.0.1:8080/x",
                "ntfy: https://ntfy.example.org/x",
                "email: { to: a@b, host: mail, tls: none }",
                "email: { to: a@b, host: mail }");
        assertThat(channels)
                .extracting(channel -> channel.receiver().isOpenToAll())
                .containsExactly(true, false, false, true, false);
    }
}
