package dev.holdfast.agent.backup;

import dev.holdfast.core.tree.ExtentList;
import dev.holdfast.keys.primitive.Gmac;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Takes the fingerprints of consecutive pages from data that comes in runs of any length: whole pages on the {@link Uploader}'s
 * threads, a page that lies across two slabs on the reading one.
 */
final class PageFingerprints implements StretchReader.Witness {
    private final Uploader uploader;
    private final Gmac mac;
    private final int pageBytes;
    private final byte[] page;
    private final List<CompletableFuture<byte[]>> parts = new ArrayList<>();
    private int inPage;

    PageFingerprints(Uploader uploader, Gmac mac, int pageBytes) {
        this.uploader = uploader;
        this.mac = mac;
        this.pageBytes = pageBytes;
        this.page = new byte[pageBytes];
    }

    @Override
    public void saw(Slab slab, int offset, int length) {
        int end = offset + length;
        int at = offset;
        if (inPage > 0) {
            at += continuePage(slab.array(), at, end);
        }
        int whole = (end - at) / pageBytes * pageBytes;
        if (whole > 0) {
            parts.add(uploader.fingerprints(slab, at, whole, pageBytes));
            at += whole;
        }
        if (at < end) {
            continuePage(slab.array(), at, end);
        }
    }

    private int continuePage(byte[] data, int from, int end) {
        int count = Math.min(pageBytes - inPage, end - from);
        System.arraycopy(data, from, page, inPage, count);
        inPage += count;
        if (inPage == pageBytes) {
            endPage();
        }
        return count;
    }

    private void endPage() {
        parts.add(CompletableFuture.completedFuture(of(mac, page, 0, inPage, pageBytes)));
        inPage = 0;
    }

    /** All of them, the last perhaps of a short page. */
    byte[] end() throws InterruptedException {
        if (inPage > 0) {
            endPage();
        }
        int bytes = 0;
        for (CompletableFuture<byte[]> part : parts) {
            bytes += await(part).length;
        }
        byte[] all = new byte[bytes];
        int at = 0;
        for (CompletableFuture<byte[]> part : parts) {
            byte[] some = await(part);
            System.arraycopy(some, 0, all, at, some.length);
            at += some.length;
        }
        return all;
    }

    static byte[] await(CompletableFuture<byte[]> part) throws InterruptedException {
        try {
            return part.get();
        } catch (ExecutionException e) {
            throw Uploader.bug(e.getCause());
        }
    }

    /** {@value ExtentList#FINGERPRINT_BYTES} bytes for each page of {@code data[offset .. offset+length)}, the last perhaps short. */
    static byte[] of(Gmac mac, byte[] data, int offset, int length, int pageBytes) {
        int pages = (length + pageBytes - 1) / pageBytes;
        byte[] all = new byte[pages * ExtentList.FINGERPRINT_BYTES];
        for (int page = 0; page < pages; page++) {
            int at = page * pageBytes;
            int from = offset + at;
            byte[] tag = mac.tag(Arrays.copyOfRange(data, from, from + Math.min(pageBytes, length - at)));
            System.arraycopy(tag, 0, all, page * ExtentList.FINGERPRINT_BYTES, ExtentList.FINGERPRINT_BYTES);
        }
        return all;
    }
}
