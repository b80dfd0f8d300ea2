package dev.holdfast.cli.command;

import picocli.CommandLine.Option;

/** The option of commands that the resident agent carries out, if there is one. */
final class AgentOption {
    /** Looked at before the words are parsed: by then it is decided where the command runs. */
    @Option(
            names = "--no-agent",
            description =
                    "Carry this out here, even if the resident agent of this host runs (see `holdfast schedule`).")
    private boolean noAgent;

    AgentOption() {}

    /** Says why the agent did not carry the command out, when it was asked. */
    void remark(Session session) {
        if (!noAgent) {
            session.remarkOnAgent();
        }
    }
}
