package dev.holdfast.core.config;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The part of {@link ConfigurationTable} that is about notifications. */
final class NotifyRows {
    private static final String SET = "(set)";

    private final Origins origins;
    private final Consumer<ConfigurationTable.Row> rows;

    NotifyRows(Origins origins, Consumer<ConfigurationTable.Row> rows) {
        this.origins = origins;
        this.rows = rows;
    }

    void channel(Channel channel, String path) {
        String name = "notify." + channel.name() + ".";
        Receiver receiver = channel.receiver();
        String inner = name + receiver.kind() + ".";
        String innerPath = path + "." + receiver.kind();
        if (receiver instanceof Receiver.Email email) {
            email(email, inner, innerPath + ".");
        } else {
            boolean alone = origins.of(innerPath + ".url").isDefault();
            add(inner + "url", receiver.place(), alone ? innerPath : innerPath + ".url");
        }
        if (receiver instanceof Receiver.Webhook webhook) {
            webhook(webhook, inner, innerPath + ".");
        } else if (receiver instanceof Receiver.Ntfy ntfy) {
            ntfy(ntfy, inner, innerPath + ".");
        } else if (receiver instanceof Receiver.Healthchecks checks) {
            add(inner + "start", String.valueOf(checks.start()), innerPath + ".start");
        }
        receiver.ca().ifPresent(ca -> add(inner + "ca", ca.toString(), innerPath + ".ca"));
        add(name + "on", channel.events(), path + ".on");
        patterns(name + "servers", channel.reach().servers(), path + ".servers");
        patterns(name + "hosts", channel.reach().hosts(), path + ".hosts");
        patterns(name + "volumes", channel.reach().volumes(), path + ".volumes");
    }

    private void webhook(Receiver.Webhook webhook, String name, String path) {
        add(name + "method", webhook.method(), path + "method");
        if (!webhook.headers().isEmpty()) {
            add(name + "headers", String.join(", ", webhook.headers().keySet()), path + "headers");
        }
        add(name + "template", webhook.template().isPresent() ? SET : "our own JSON", path + "template");
    }

    private void ntfy(Receiver.Ntfy ntfy, String name, String path) {
        ntfy.topic().ifPresent(topic -> add(name + "topic", topic, path + "topic"));
        ntfy.token().ifPresent(token -> add(name + "token", token.shown(), path + "token"));
        ntfy.priority().ifPresent(priority -> add(name + "priority", priority.word(), path + "priority"));
    }

    private void email(Receiver.Email email, String name, String path) {
        add(name + "to", String.join(", ", email.to()), path + "to");
        add(name + "from", email.from().orElse("holdfast@ the name of the machine"), path + "from");
        add(name + "host", email.host(), path + "host");
        add(name + "port", String.valueOf(email.port()), path + "port");
        add(name + "tls", email.tls().word(), path + "tls");
        email.user().ifPresent(user -> add(name + "user", user, path + "user"));
        boolean file = !origins.of(path + "password_file").isDefault();
        String key = file ? "password_file" : "password";
        email.password().ifPresent(password -> add(name + key, password.shown(), path + key));
    }

    private void patterns(String name, List<String> patterns, String path) {
        add(name, patterns.isEmpty() ? "all" : String.join(", ", patterns), path);
    }

    void watch(Watch watch) {
        add("watch.grace", watch.graceInForce().toSeconds() + "s", "watch.grace");
        add("watch.remind", watch.remindInForce().toSeconds() + "s", "watch.remind");
        add("watch.space", Quantity.showSize(watch.spaceInForce()), "watch.space");
        Watch.Digest digest = watch.digestInForce();
        add("watch.digest.on", digest.on().name().toLowerCase(Locale.ROOT), "watch.digest.on");
        add("watch.digest.at", digest.at().toString(), "watch.digest.at");
    }

    private void add(String name, String value, String path) {
        rows.accept(new ConfigurationTable.Row(
                name, SourceText.plain(value), origins.of(path).toString()));
    }
}
