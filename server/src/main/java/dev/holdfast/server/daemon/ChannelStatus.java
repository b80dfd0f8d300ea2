package dev.holdfast.server.daemon;

import dev.holdfast.core.codec.Decoder;
import dev.holdfast.core.codec.Encoder;
import dev.holdfast.core.codec.MalformedException;
import dev.holdfast.core.config.Channel;
import dev.holdfast.core.config.Configuration;
import dev.holdfast.server.notify.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A channel of notifications as it is shown, without its secrets; also through the control socket.
 *
 * @param place where it leads to
 * @param on the words of what it tells
 * @param hosts patterns of those that it is about; empty for all
 * @param volumes patterns of those that it is about; empty for all
 * @param waiting how many notices wait because nobody takes them
 */
public record ChannelStatus(
        String name,
        String kind,
        String place,
        List<String> on,
        List<String> hosts,
        List<String> volumes,
        int waiting) {
    private static final int MOST = 1 << 16;
    private static final int TEXT_BYTES = 1 << 16;

    public ChannelStatus {
        on = List.copyOf(on);
        hosts = List.copyOf(hosts);
        volumes = List.copyOf(volumes);
    }

    /** Those that a server uses, in the order of the configuration. */
    public static List<ChannelStatus> of(List<Channel> channels, Path state) throws IOException {
        Map<Channel, Integer> waiting = Trial.waiting(state, channels);
        return channels.stream()
                .map(one -> new ChannelStatus(
                        one.name(),
                        one.receiver().kind(),
                        one.receiver().place(),
                        one.words(),
                        one.reach().hosts(),
                        one.reach().volumes(),
                        waiting.getOrDefault(one, 0)))
                .toList();
    }

    static byte[] encode(Configuration configuration, ServerSetup setup) throws IOException {
        return encode(of(Trial.channels(configuration, setup.name()), setup.state()));
    }

    private static byte[] encode(List<ChannelStatus> all) {
        Encoder out = new Encoder(1024).varint(all.size());
        for (ChannelStatus one : all) {
            out.string(one.name).string(one.kind).string(one.place);
            for (List<String> texts : List.of(one.on, one.hosts, one.volumes)) {
                out.varint(texts.size());
                texts.forEach(out::string);
            }
            out.varint(one.waiting);
        }
        return out.toBytes();
    }

    static List<ChannelStatus> decode(byte[] bytes) throws MalformedException {
        Decoder in = new Decoder(bytes);
        List<ChannelStatus> all = new ArrayList<>();
        for (int left = in.count(MOST); left > 0; left--) {
            all.add(new ChannelStatus(
                    in.string(TEXT_BYTES),
                    in.string(TEXT_BYTES),
                    in.string(TEXT_BYTES),
                    texts(in),
                    texts(in),
                    texts(in),
                    in.count(Integer.MAX_VALUE)));
        }
        in.end();
        return all;
    }

    private static List<String> texts(Decoder in) throws MalformedException {
        List<String> texts = new ArrayList<>();
        for (int left = in.count(MOST); left > 0; left--) {
            texts.add(in.string(TEXT_BYTES));
        }
        return texts;
    }
}
