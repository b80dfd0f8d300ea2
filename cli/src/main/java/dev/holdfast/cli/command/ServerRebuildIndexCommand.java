package dev.holdfast.cli.command;

import dev.holdfast.cli.terminal.SafeText;
import dev.holdfast.cli.terminal.Sizes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Table.Column;
import dev.holdfast.core.problem.HoldfastException;
import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import dev.holdfast.server.daemon.ServerSetup;
import dev.holdfast.server.store.RebuiltIndex;
import dev.holdfast.server.store.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "rebuild-index",
        description = {
            "Throws the index of a stopped server away and makes it from the packs alone, reading every byte of them.",
            "Exit code 14 when something in them is damaged."
        })
final class ServerRebuildIndexCommand implements Callable<Integer> {
    private final Session session;

    ServerRebuildIndexCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ServerSetup setup = ThisServer.setup(session);
        if (!Files.exists(setup.data().resolve(Repository.FILE))) {
            throw Problem.of(
                            ProblemCode.NOT_FOUND,
                            "there is no repository in " + setup.data(),
                            "Check `data` of this server in the configuration.")
                    .asException();
        }
        List<RebuiltIndex> realms = rebuild(setup);
        if (session.options().json()) {
            realms.forEach(this::write);
        } else {
            show(realms);
        }
        boolean whole = realms.stream().allMatch(realm -> realm.findings().isEmpty());
        return whole ? 0 : ProblemCode.DAMAGE.exitCode();
    }

    private static List<RebuiltIndex> rebuild(ServerSetup setup) {
        try (Repository repository = Repository.open(setup.data(), setup.clock(), setup.random())) {
            return repository.rebuildIndexes();
        } catch (IOException e) {
            throw new HoldfastException(
                    Problem.of(
                            ProblemCode.IO,
                            "the repository in " + setup.data() + " cannot be read: " + e.getMessage(),
                            "Run this as the user of the server, and look at the disk and the system log."),
                    e);
        }
    }

    private void write(RebuiltIndex realm) {
        session.json()
                .line(
                        "rebuilt_index",
                        json -> json.text("realm", realm.realm())
                                .number("objects", realm.objects())
                                .number("packs", realm.packs())
                                .number("bytes", realm.bytes())
                                .texts(
                                        "findings",
                                        realm.findings().stream()
                                                .map(Problem::message)
                                                .toList()));
    }

    private void show(List<RebuiltIndex> realms) {
        Table table = new Table(
                Column.text("REALM"), Column.number("OBJECTS"), Column.number("PACKS"), Column.number("SIZE"));
        for (RebuiltIndex realm : realms) {
            table.row(
                    realm.realm(),
                    Long.toString(realm.objects()),
                    Long.toString(realm.packs()),
                    Sizes.show(realm.bytes()));
        }
        table.print(session.terminal());
        for (RebuiltIndex realm : realms) {
            for (Problem finding : realm.findings()) {
                session.say("damaged: " + SafeText.of(finding.message()));
            }
        }
    }
}
