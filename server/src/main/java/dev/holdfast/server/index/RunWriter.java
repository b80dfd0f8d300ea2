package dev.holdfast.server.index;

import dev.holdfast.core.object.ObjectId;
import dev.holdfast.server.disk.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Writes one run from sorted entries. Memory: its filter and its fences, one and a half bytes an entry. */
public final class RunWriter {
    private static final int BUFFER_BYTES = 16 * RunFormat.BLOCK_BYTES;

    private final WritableFile file;
    private final List<CoveredPack> packs;
    private final Map<Integer, Integer> local = new HashMap<>();
    private final IdFilter filter;
    private final long seed;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private long[] fences = new long[16];
    private int count;
    private long position;

    /**
     * @param packs those of the entries, in the order of {@code numbers}, by which the entries name them
     * @param atMost how many entries there are, or a little less
     */
    public RunWriter(WritableFile file, List<CoveredPack> packs, List<Integer> numbers, long atMost, long seed) {
        this.file = file;
        this.packs = packs;
        for (int number : numbers) {
            local.put(number, local.size());
        }
        this.filter = IdFilter.forAtMost(atMost, seed);
        this.seed = seed;
    }

    /** Writes everything; forcing it is left to the caller. */
    public void write(SortedEntries entries) throws IOException {
        for (Optional<IndexEntry> next = entries.next(); next.isPresent(); next = entries.next()) {
            add(next.get());
        }
        endBlock();
        flush();
        byte[] tail = tail();
        file.write(ByteBuffer.wrap(tail), position);
    }

    private void add(IndexEntry entry) throws IOException {
        if (count % RunFormat.BLOCK_ENTRIES == 0) {
            endBlock();
            int block = count / RunFormat.BLOCK_ENTRIES;
            fences = block == fences.length ? Arrays.copyOf(fences, 2 * block) : fences;
            fences[block] = entry.id().prefix();
        }
        entry.id().copyTo(buffer.array(), buffer.position());
        buffer.position(buffer.position() + ObjectId.BYTES);
        Place place = entry.place();
        buffer.putInt(Objects.requireNonNull(local.get(place.pack()), "a pack that this run does not cover"));
        buffer.putInt(place.offset());
        buffer.putInt(place.kind().number() << RunFormat.KIND_SHIFT | place.length());
        filter.add(entry.id());
        count = Math.incrementExact(count);
    }

    /** Fills the block up, adds its checksum, and makes room for the next. */
    private void endBlock() throws IOException {
        int used = buffer.position() % RunFormat.BLOCK_BYTES;
        if (used > 0) {
            int start = buffer.position() - used;
            int end = start + RunFormat.BLOCK_BYTES - Integer.BYTES;
            Arrays.fill(buffer.array(), buffer.position(), end, (byte) 0);
            buffer.position(end).putInt(RunFormat.crc(buffer.array(), start, end - start));
        }
        if (!buffer.hasRemaining()) {
            flush();
        }
    }

    private void flush() throws IOException {
        int length = buffer.position();
        file.write(buffer.flip(), position);
        position += length;
        buffer.clear();
    }

    private byte[] tail() {
        byte[][] hosts = packs.stream()
                .map(pack -> pack.host().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        int table = packs.size() * RunFormat.PACK_FIXED_BYTES
                + Arrays.stream(hosts).mapToInt(host -> host.length).sum();
        int blocks = RunFormat.blocks(count);
        int[] words = filter.words();
        ByteBuffer out = ByteBuffer.allocate(
                table + blocks * RunFormat.FENCE_BYTES + words.length * Integer.BYTES + RunFormat.TRAILER_BYTES);
        for (int i = 0; i < hosts.length; i++) {
            CoveredPack pack = packs.get(i);
            out.putLong(pack.id().high()).putLong(pack.id().low()).putLong(pack.fileBytes());
            out.putInt(pack.start()).putInt(pack.end()).putInt(pack.objects());
            out.putShort((short) hosts[i].length).put(hosts[i]);
        }
        for (int block = 0; block < blocks; block++) {
            out.putLong(fences[block]);
        }
        for (int word : words) {
            out.putInt(word);
        }
        out.putInt(RunFormat.VERSION).putInt(count).putInt(packs.size()).putInt(table);
        out.putInt(words.length * Integer.BYTES / RunFormat.FILTER_BLOCK_BYTES).putInt(0);
        out.putLong(seed);
        out.putInt(RunFormat.crc(out.array(), 0, out.position()));
        out.putLong(RunFormat.MAGIC);
        return out.array();
    }
}
