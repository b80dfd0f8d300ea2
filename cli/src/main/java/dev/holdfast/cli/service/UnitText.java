package dev.holdfast.cli.service;

import dev.holdfast.core.problem.Problem;
import dev.holdfast.core.problem.ProblemCode;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A service as the text of a unit: what it runs, and the narrowest rights in which it does its work, each with its reason. */
public final class UnitText {
    /** Needs no quotes, and means nothing to systemd. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@+=:,./-]+");

    private final Service service;
    private final StringBuilder text = new StringBuilder();

    private UnitText(Service service) {
        this.service = service;
    }

    public static String of(Service service) {
        UnitText unit = new UnitText(service);
        unit.unit();
        unit.process();
        unit.life();
        unit.rights();
        unit.install();
        return unit.text.toString();
    }

    private boolean isServer() {
        return service.role() == Role.SERVER;
    }

    private boolean ofSystem() {
        return service.manager() == Service.Manager.SYSTEM;
    }

    private void unit() {
        section("Unit");
        set("Description", "Holdfast " + (isServer() ? "backup server" : "agent") + " " + service.machine());
        if (ofSystem()) {
            set("Wants", "network-online.target");
            // Names of units that are not there order nothing.
            set("After", "network-online.target" + (isServer() ? "" : " docker.service podman.socket"));
            because("A folder whose disk is not mounted yet would look empty.");
            set("RequiresMountsFor", words(service.writes()));
        }
    }

    private void process() {
        section("Service");
        if (service.notifies()) {
            because("Started when it " + (isServer() ? "accepts connections" : "can be asked and told") + ".");
            set("Type", "notify");
        } else {
            because("This system lets it send systemd no messages: started as soon as the program runs.");
            set("Type", "exec");
        }
        service.account().ifPresent(account -> set("User", account));
        service.sortedEnvironment().forEach((name, value) -> set("Environment", word(name + "=" + value)));
        String arguments =
                service.command().stream().skip(1).map(UnitText::argument).collect(Collectors.joining(" "));
        set("ExecStart", word(service.command().get(0)) + " " + arguments);
        because("Reads the configuration again; one with errors is not used, and the log says so.");
        set("ExecReload", "/bin/kill -HUP $MAINPID");
        set("WorkingDirectory", "/");
    }

    private void life() {
        because(
                isServer()
                        ? "A server that has lost its index makes it anew before it listens, which takes as long as it takes."
                        : "The first start prepares the classes of the program.");
        set("TimeoutStartSec", isServer() ? "infinity" : "5min");
        because(
                isServer()
                        ? "Backups under way get ten seconds; the program ends by itself after 80 at the latest."
                        : "A backup under way is stopped at once; the program ends by itself after 80 seconds at the latest.");
        set("TimeoutStopSec", "90");
        set("KillMode", "mixed");
        if (service.notifies()) {
            because("Signs of life come as long as the process answers on its own control socket.");
            set("WatchdogSec", "3min");
        }
        set("Restart", "on-failure");
        set("RestartSec", "15");
        because("Ended by SIGTERM: as it should be.");
        set("SuccessExitStatus", "143");
        because("Errors in the configuration, and keys that are missing, do not mend themselves.");
        set("RestartPreventExitStatus", "2 12");
    }

    private void rights() {
        if (isServer()) {
            because("What it writes is for it alone.");
            set("UMask", "0077");
        } else {
            because("As in a shell, whose restores it carries out; its own files lie in a folder for it alone.");
            set("UMask", "0022");
        }
        set("NoNewPrivileges", "yes");
        if (ofSystem() && isServer()) {
            files();
            kernel();
        } else if (ofSystem()) {
            because(
                    "No Protect..., Private... and ReadOnlyPaths: it restores into any place, owners and setuid bits too,");
            because("and where it saw other mounts than a shell does, it would carry nothing out for one.");
        }
        if (ofSystem()) {
            capabilities();
        }
        because("Calls that services need; no MemoryDenyWriteExecute, since Java compiles while it runs.");
        set("SystemCallFilter", "@system-service");
        set("SystemCallErrorNumber", "EPERM");
        set("SystemCallArchitectures", "native");
        because("The network, the control socket" + (isServer() ? "" : " and container engines")
                + ", and name lookup.");
        set("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX AF_NETLINK");
        set("RestrictNamespaces", "yes");
        set("RestrictRealtime", "yes");
        set("LockPersonality", "yes");
    }

    private void files() {
        because("It reads what it may, and writes here only.");
        set("ProtectSystem", "strict");
        if (service.reads() == Service.Reads.VOLUMES) {
            because("(/tmp: where Java unpacks a library that does not lie ready for this processor.)");
            set("ReadWritePaths", words(service.writes()) + " /tmp");
            because("No PrivateTmp and no PrivateDevices: a volume that lies there would look empty.");
            set("ProtectHome", "read-only");
        } else {
            boolean inTemporary = service.needsTemporaryFolders();
            set("ReadWritePaths", words(service.writes()) + (inTemporary ? " /tmp" : ""));
            set("ProtectHome", service.needsNoHome() ? "yes" : "read-only");
            if (inTemporary) {
                because("Files of its own lie below /tmp or /var/tmp, which would look empty.");
            }
            set("PrivateTmp", inTemporary ? "no" : "yes");
            set("PrivateDevices", "yes");
        }
    }

    private void kernel() {
        set("ProtectKernelTunables", "yes");
        set("ProtectKernelModules", "yes");
        set("ProtectKernelLogs", "yes");
        set("ProtectControlGroups", "yes");
        set("ProtectClock", "yes");
        set("ProtectHostname", "yes");
        set("RestrictSUIDSGID", "yes");
    }

    private void capabilities() {
        if (service.isRoot() && !isServer()) {
            because(
                    "To read all files and write them as they were: owners, modes, devices, attributes that only root sees.");
            set(
                    "CapabilityBoundingSet",
                    "CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID CAP_MKNOD CAP_SETFCAP"
                            + " CAP_SYS_ADMIN");
        } else if (service.isRoot() && service.reads() == Service.Reads.VOLUMES) {
            because(
                    "To read all files, without changing their access times, and attributes that only root sees (trusted.*).");
            set("CapabilityBoundingSet", "CAP_DAC_READ_SEARCH CAP_FOWNER CAP_SYS_ADMIN" + bind());
        } else if (service.privilegedPort()) {
            because("Its port is below 1024.");
            set("CapabilityBoundingSet", bind().strip());
        } else {
            because("Nothing that only root may do.");
            set("CapabilityBoundingSet", "");
        }
        if (service.privilegedPort() && !service.isRoot()) {
            set("AmbientCapabilities", bind().strip());
        }
    }

    private String bind() {
        return service.privilegedPort() ? " CAP_NET_BIND_SERVICE" : "";
    }

    private void install() {
        section("Install");
        set("WantedBy", ofSystem() ? "multi-user.target" : "default.target");
    }

    // ---- the form

    private void section(String name) {
        text.append(text.isEmpty() ? "" : "\n").append('[').append(name).append("]\n");
    }

    private void because(String reason) {
        text.append("# ").append(reason).append('\n');
    }

    private void set(String name, String value) {
        text.append(name).append('=').append(value).append('\n');
    }

    private static String words(List<Path> paths) {
        return paths.stream().map(path -> word(path.toString())).collect(Collectors.joining(" "));
    }

    /** A word of a command line. */
    static String argument(String raw) {
        return word(raw).replace("$", "$$");
    }

    /** One word as systemd reads it: blanks stay in it, and nothing in it is replaced. */
    static String word(String raw) {
        if (raw.chars().anyMatch(Character::isISOControl)) {
            throw Problem.of(
                            ProblemCode.USAGE,
                            "no unit can hold '" + raw + "', which has control characters in it",
                            "Use folders and files without them.")
                    .asException();
        }
        if (PLAIN.matcher(raw).matches()) {
            return raw;
        }
        return '"' + raw.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + '"';
    }
}
