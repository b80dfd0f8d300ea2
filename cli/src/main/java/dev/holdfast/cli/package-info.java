/**
 * The {@code holdfast} program: it reads the command line, wires agent and server together and talks to the person. No backup
 * logic lives here.
 *
 * <ul>
 *   <li>{@link dev.holdfast.cli.launch.Main} starts the process, {@link dev.holdfast.cli.launch.Program} runs one command line
 *       (in tests: in this process, with captured output);
 *   <li>{@code cli.command} holds one file per command, the list of them ({@link dev.holdfast.cli.command.Commands}) and what
 *       every command is given ({@link dev.holdfast.cli.command.Session});
 *   <li>{@code cli.machine} knows which machine this is, where its keys lie and how it reaches its servers;
 *   <li>{@code cli.checkup} looks whether it is set up well;
 *   <li>{@code cli.terminal} owns stdout and stderr: text, tables, JSON lines, progress.
 * </ul>
 *
 * <h2>Adding a command</h2>
 *
 * One file and one line.
 *
 * <ol>
 *   <li>{@code cli/command/ScrubCommand.java}:
 *       <pre>{@code
 * @Command(name = "scrub", description = "Reads every stored byte again and repairs what is damaged.")
 * final class ScrubCommand implements Callable<Integer> {
 *     private final Session session;
 *
 *     @Option(names = "--share", paramLabel = "PERCENT", description = "How much to read (default: ${DEFAULT-VALUE}).")
 *     private int share = 100;
 *
 *     ScrubCommand(Session session) {
 *         this.session = session;
 *     }
 *
 *     @Override
 *     public Integer call() {
 *         try (ProgressDisplay progress = session.progress("scrub")) {
 *             ...
 *             progress.complete();
 *         }
 *         if (session.options().json()) {
 *             session.json().line("summary", json -> json.number("objects_read", 12));
 *         } else {
 *             session.say("read 12 objects");
 *         }
 *         return 0;
 *     }
 * }
 * }</pre>
 *   <li>one line in {@link dev.holdfast.cli.command.Commands}: {@code command(Section.SERVER, "scrub", ScrubCommand.class)}.
 * </ol>
 *
 * The options of every command ({@code --path}, {@code --as}, {@code --state}, {@code --json}, ...) are inherited and answered
 * by {@link dev.holdfast.cli.command.GlobalOptions}. A failure is thrown as a {@code HoldfastException}; its problem code gives
 * the exit code. A result that is neither success nor exception returns the exit code of its problem code, such as {@code
 * ProblemCode.PARTIAL.exitCode()}. Then run the tests of this module with {@code -Dgolden.update} and read the new help text.
 */
@NullMarked
package dev.holdfast.cli;

import org.jspecify.annotations.NullMarked;
