package dev.holdfast.cli.handover;

import dev.holdfast.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line and what surrounds it. Words may hold bytes that are no UTF-8, carried as lone surrogates; the form that Java gives
 * strings on data streams keeps them, up to 64 KiB each.
 *
 * @param build of the program that it was typed for
 * @param rights of the shell's process, as {@link Rights} reads them
 */
public record TypedLine(
        String build,
        String rights,
        Terminal.Shape shape,
        String workingDirectory,
        Map<String, String> environment,
        List<String> words) {
    /** By which the agent is asked. */
    public static final String REQUEST = "carry out";

    /** The property of the JVM by which the launcher tells the build; it changes with every one. */
    public static final String BUILD = "holdfast.build";

    private static final int MOST = 100_000;

    public TypedLine {
        environment = Map.copyOf(environment);
        words = List.copyOf(words);
    }

    /** One that was typed for this very process. */
    public static TypedLine ofThisProcess(
            String build,
            Terminal.Shape shape,
            String workingDirectory,
            Map<String, String> environment,
            List<String> words) {
        return new TypedLine(build, Rights.ownText(), shape, workingDirectory, environment, words);
    }

    /** Throws when something in it is too long. */
    byte[] encode() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(build);
        out.writeUTF(rights);
        out.writeBoolean(shape.inIsTerminal());
        out.writeBoolean(shape.outIsTerminal());
        out.writeBoolean(shape.errIsTerminal());
        out.writeInt(shape.width());
        out.writeBoolean(shape.colours());
        out.writeUTF(workingDirectory);
        out.writeInt(environment.size());
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            out.writeUTF(variable.getKey());
            out.writeUTF(variable.getValue());
        }
        out.writeInt(words.size());
        for (String word : words) {
            out.writeUTF(word);
        }
        if (bytes.size() > FrameType.LARGEST_BYTES) {
            throw new IOException("a command line with its environment of " + bytes.size() + " bytes");
        }
        return bytes.toByteArray();
    }

    static TypedLine decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        String build = in.readUTF();
        String rights = in.readUTF();
        Terminal.Shape shape = new Terminal.Shape(
                in.readBoolean(), in.readBoolean(), in.readBoolean(), in.readInt(), in.readBoolean());
        String workingDirectory = in.readUTF();
        Map<String, String> environment = new HashMap<>();
        for (int left = count(in); left > 0; left--) {
            environment.put(in.readUTF(), in.readUTF());
        }
        List<String> words = new ArrayList<>();
        for (int left = count(in); left > 0; left--) {
            words.add(in.readUTF());
        }
        return new TypedLine(build, rights, shape, workingDirectory, environment, words);
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IOException("a command line of " + count + " parts");
        }
        return count;
    }

    /** Environments hold secrets. */
    @Override
    public String toString() {
        return "TypedLine[" + words.size() + " words in " + workingDirectory + "]";
    }
}
