package dev.holdfast.server.daemon;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a running server says of itself. Instants are milliseconds since 1970.
 *
 * @param configurationProblem why the changed configuration is not used; empty when it is
 */
public record ServerStatus(
        String name,
        String software,
        long processId,
        long startedMillis,
        List<String> listening,
        String data,
        long freeBytes,
        List<Connection> connections,
        List<Running> running,
        List<VolumeState> volumes,
        List<RealmState> realms,
        List<String> warnings,
        Optional<String> configurationProblem) {

    /** A host that is connected. */
    public record Connection(String host, String address, long sinceMillis, long bytesIn, long bytesOut) {}

    /** A backup under way. */
    public record Running(String host, String volume, long sinceMillis) {}

    /**
     * The newest snapshot of a volume; {@code snapshot} is empty when there is none yet. Of a damaged history it is the newest that is
     * whole.
     */
    public record VolumeState(
            String host,
            String volume,
            String snapshot,
            long receivedMillis,
            boolean partial,
            boolean damagedHistory,
            long files,
            long bytes) {}

    /** What a realm takes up; {@code unverifiedBytes} of it each host shares only with itself. */
    public record RealmState(
            String name, boolean trusted, long objects, long packs, long bytes, long unverifiedBytes) {}

    public ServerStatus {
        listening = List.copyOf(listening);
        connections = List.copyOf(connections);
        running = List.copyOf(running);
        volumes = List.copyOf(volumes);
        realms = List.copyOf(realms);
        warnings = List.copyOf(warnings);
    }

    /** Who is speaking: what comes first in the status of every version. */
    record Speaker(String name, String software, long processId) {}

    private static final int PARTIAL = 1;
    private static final int DAMAGED_HISTORY = 2;
    private static final int MOST = 1 << 20;
    private static final int TEXT = 1 << 16;

    byte[] encode() {
        Encoder out = new Encoder(4096);
        out.string(name).string(software).u64(processId).u64(startedMillis);
        out.varint(listening.size());
        listening.forEach(out::string);
        out.string(data).u64(freeBytes);
        out.varint(connections.size());
        for (Connection c : connections) {
            out.string(c.host)
                    .string(c.address)
                    .u64(c.sinceMillis)
                    .u64(c.bytesIn)
                    .u64(c.bytesOut);
        }
        out.varint(running.size());
        for (Running r : running) {
            out.string(r.host).string(r.volume).u64(r.sinceMillis);
        }
        out.varint(volumes.size());
        for (VolumeState v : volumes) {
            out.string(v.host).string(v.volume).string(v.snapshot).u64(v.receivedMillis);
            out.u8((v.partial ? PARTIAL : 0) | (v.damagedHistory ? DAMAGED_HISTORY : 0))
                    .u64(v.files)
                    .u64(v.bytes);
        }
        out.varint(realms.size());
        for (RealmState r : realms) {
            out.string(r.name).u8(r.trusted ? 1 : 0).u64(r.objects).u64(r.packs);
            out.u64(r.bytes).u64(r.unverifiedBytes);
        }
        out.varint(warnings.size());
        warnings.forEach(out::string);
        out.string(configurationProblem.orElse(""));
        return out.toBytes();
    }

    /** Reads only the beginning, of the status of any version. */
    static Speaker speaker(byte[] bytes) throws MalformedException {
        return speaker(new Decoder(bytes));
    }

    private static Speaker speaker(Decoder in) throws MalformedException {
        return new Speaker(in.string(TEXT), in.string(TEXT), in.u64());
    }

    static ServerStatus decode(byte[] bytes) throws MalformedException {
        Decoder in = new Decoder(bytes);
        Speaker speaker = speaker(in);
        long started = in.u64();
        List<String> listening = strings(in);
        String data = in.string(TEXT);
        long free = in.u64();
        List<Connection> connections = new ArrayList<>();
        for (int left = in.count(MOST); left > 0; left--) {
            connections.add(new Connection(in.string(TEXT), in.string(TEXT), in.u64(), in.u64(), in.u64()));
        }
        List<Running> running = new ArrayList<>();
        for (int left = in.count(MOST); left > 0; left--) {
            running.add(new Running(in.string(TEXT), in.string(TEXT), in.u64()));
        }
        List<VolumeState> volumes = new ArrayList<>();
        for (int left = in.count(MOST); left > 0; left--) {
            volumes.add(volume(in));
        }
        List<RealmState> realms = new ArrayList<>();
        for (int left = in.count(MOST); left > 0; left--) {
            realms.add(new RealmState(in.string(TEXT), in.u8() == 1, in.u64(), in.u64(), in.u64(), in.u64()));
        }
        List<String> warnings = strings(in);
        String problem = in.string(TEXT);
        in.end();
        return new ServerStatus(
                speaker.name,
                speaker.software,
                speaker.processId,
                started,
                listening,
                data,
                free,
                connections,
                running,
                volumes,
                realms,
                warnings,
                Optional.of(problem).filter(text -> !text.isEmpty()));
    }

    private static VolumeState volume(Decoder in) throws MalformedException {
        String host = in.string(TEXT);
        String volume = in.string(TEXT);
        String snapshot = in.string(TEXT);
        long received = in.u64();
        int flags = in.u8();
        return new VolumeState(
                host,
                volume,
                snapshot,
                received,
                (flags & PARTIAL) != 0,
                (flags & DAMAGED_HISTORY) != 0,
                in.u64(),
                in.u64());
    }

    private static List<String> strings(Decoder in) throws MalformedException {
        List<String> strings = new ArrayList<>();
        for (int left = in.count(MOST); left > 0; left--) {
            strings.add(in.string(TEXT));
        }
        return strings;
    }
}
