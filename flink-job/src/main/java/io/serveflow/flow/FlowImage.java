package io.serveflow.flow;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The flows of a {@link FlowTable} at one moment: what a snapshot writes while the table goes on.
 * Its arrays are used again for the next one, once this one is written.
 */
public final class FlowImage {

    private static final int CHUNK_WORDS = 1024;

    /** Packed words of {@link FlowSection}; only those of the flows count. */
    long[] ipv4 = {};

    long[] ipv6 = {};
    int ipv4Flows;
    int ipv6Flows;

    /** What waits, in the order of the flows that wait. */
    final List<Waiting> waiting = new ArrayList<>();

    final List<Flow.Earlier> earlier = new ArrayList<>();

    /** Set by the thread that writes, read by the one that would use the arrays again. */
    private volatile Holder holder = Holder.NOBODY;

    private enum Holder {
        NOBODY,
        /** Who filled it, or read it from a snapshot. */
        OWNER,
        SNAPSHOT
    }

    /** What the words leave out, in their order. */
    static final class Links {
        private final Iterator<Waiting> waiting;
        private final Iterator<Flow.Earlier> earlier;

        private Links(FlowImage image) {
            waiting = image.waiting.iterator();
            earlier = image.earlier.iterator();
        }

        Waiting nextWaiting() {
            return waiting.next();
        }

        Flow.Earlier nextEarlier() {
            return earlier.next();
        }
    }

    public int size() {
        return ipv4Flows + ipv6Flows;
    }

    void clear() {
        holder = Holder.OWNER;
        waiting.clear();
        earlier.clear();
    }

    /** From now on the image is a snapshot's, until that has written it. */
    public void handOver() {
        holder = Holder.SNAPSHOT;
    }

    /**
     * The snapshot is done with the image, if it is one's: what waited need not be kept for the
     * next. What else writes it, to know its size for one, changes nothing.
     */
    public void setWritten() {
        if (holder == Holder.SNAPSHOT) {
            clear();
            holder = Holder.NOBODY;
        }
    }

    /** Whether the image may be filled anew. */
    public boolean free() {
        return holder == Holder.NOBODY;
    }

    /** Hands out all flows; what waits is the image's own. */
    public <X extends Exception> void forEach(FlowVisitor<X> visitor) throws X {
        Links links = new Links(this);
        FlowSection.unpack(ipv4, ipv4Flows, KeyWords.IPV4, links, visitor);
        FlowSection.unpack(ipv6, ipv6Flows, KeyWords.IPV6, links, visitor);
    }

    /** What waits of the flows, in their order; written and read apart. */
    public List<Waiting> waiting() {
        return waiting;
    }

    /** All but what waits. */
    public void write(DataOutput target) throws IOException {
        target.writeInt(ipv4Flows);
        target.writeInt(ipv6Flows);
        write(ipv4, ipv4Flows * FlowSection.stride(KeyWords.IPV4), target);
        write(ipv6, ipv6Flows * FlowSection.stride(KeyWords.IPV6), target);
        target.writeInt(earlier.size());
        for (Flow.Earlier each : earlier) {
            target.writeLong(each.startNanos());
            target.writeInt(each.segments());
        }
    }

    private static void write(long[] words, int count, DataOutput target) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_WORDS * Long.BYTES);
        for (int from = 0; from < count; from += CHUNK_WORDS) {
            int length = Math.min(CHUNK_WORDS, count - from);
            chunk.asLongBuffer().put(words, from, length);
            target.write(chunk.array(), 0, length * Long.BYTES);
        }
    }

    /** What {@link #write} wrote. */
    public static FlowImage read(DataInput source) throws IOException {
        FlowImage image = new FlowImage();
        image.holder = Holder.OWNER;
        image.ipv4Flows = source.readInt();
        image.ipv6Flows = source.readInt();
        image.ipv4 = read(image.ipv4Flows, FlowSection.stride(KeyWords.IPV4), source);
        image.ipv6 = read(image.ipv6Flows, FlowSection.stride(KeyWords.IPV6), source);
        for (int left = source.readInt(); left > 0; left--) {
            image.earlier.add(new Flow.Earlier(source.readLong(), source.readInt()));
        }
        return image;
    }

    private static long[] read(int flows, int stride, DataInput source) throws IOException {
        long[] words = new long[Math.multiplyExact(flows, stride)];
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK_WORDS * Long.BYTES);
        for (int from = 0; from < words.length; from += CHUNK_WORDS) {
            int length = Math.min(CHUNK_WORDS, words.length - from);
            source.readFully(chunk.array(), 0, length * Long.BYTES);
            chunk.asLongBuffer().get(words, from, length);
        }
        return words;
    }

    /** A copy that shares nothing that changes. */
    public FlowImage copy() {
        FlowImage copy = new FlowImage();
        copy.holder = Holder.OWNER;
        copy.ipv4Flows = ipv4Flows;
        copy.ipv6Flows = ipv6Flows;
        copy.ipv4 = ipv4.clone();
        copy.ipv6 = ipv6.clone();
        waiting.forEach(each -> copy.waiting.add(each.copy()));
        copy.earlier.addAll(earlier);
        return copy;
    }
}
