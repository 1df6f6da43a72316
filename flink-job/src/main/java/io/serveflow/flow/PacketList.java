package io.serveflow.flow;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The first packets of a flow: what keyed state keeps of an uncertain flow and what feature sets
 * read. One block of bytes in the order of arrival, so that ten packets cost little more than their
 * headers; read in the order of capture time, over the first packets that {@link #take} chose.
 */
public final class PacketList {

    /** Per packet: time 8, wire length 4, transport offset 2, header length 2, direction 1. */
    private static final int META = 17;

    /** Bytes of a packet that room is made for at most: what says otherwise is untrusted. */
    private static final int ORDINARY_PACKET = META + 80;

    private static final VarHandle LONG = view(long[].class);
    private static final VarHandle INT = view(int[].class);
    private static final VarHandle SHORT = view(short[].class);

    private static final byte[] NO_PACKETS = {};

    /** As long as the first packet at first: many flows have their answer before the second. */
    private byte[] block = NO_PACKETS;

    private int used;
    private int total;
    private int size;

    /**
     * Starts of the chosen packets within the block, by capture time; null until somebody reads
     * more than one packet. Most flows are answered before, and every object that outlives a
     * collection is copied by it.
     */
    private int[] starts;

    public PacketList() {}

    /** Restores a list from the bytes that {@link #block()} and {@link #used()} returned. */
    public PacketList(byte[] block, int used) {
        this.block = block;
        this.used = used;
        for (int at = 0; at < used; at += META + headerLengthAt(at)) {
            total++;
        }
        size = total;
    }

    /**
     * The packets so far. The bytes are shared: who adds packets writes behind those that the other
     * reads, so only one of the two lists may be added to.
     */
    PacketList copy() {
        return new PacketList(block, used);
    }

    /** Makes room for {@code packets} in all, so that the block need not grow with each of them. */
    public void reserve(int packets) {
        if (total > 0) {
            int length = packets * Math.min(used / total, ORDINARY_PACKET);
            if (length > block.length) {
                block = Arrays.copyOf(block, length);
            }
        }
    }

    /**
     * Adds a packet; equal capture times keep the order of arrival.
     *
     * @param length bytes of the frame on the wire
     * @param forward true if sent by the originator
     * @param headers array with the bytes from the IP header on
     */
    public void add(
            long timeNanos,
            int length,
            boolean forward,
            int transportOffset,
            byte[] headers,
            int offset,
            int headerLength) {
        int at = used;
        used += META + headerLength;
        if (used > block.length) {
            block = Arrays.copyOf(block, Math.max(used, block.length + block.length / 2));
        }
        LONG.set(block, at, timeNanos);
        INT.set(block, at + 8, length);
        SHORT.set(block, at + 12, (short) transportOffset);
        SHORT.set(block, at + 14, (short) headerLength);
        block[at + 16] = (byte) (forward ? 1 : 0);
        System.arraycopy(headers, offset, block, at + META, headerLength);
        size = ++total;
        starts = null;
    }

    /** Chooses the first {@code packets} that arrived, or all where there are fewer. */
    public PacketList take(int packets) {
        int chosen = Math.min(packets, total);
        if (chosen != size) {
            size = chosen;
            starts = null;
        }
        return this;
    }

    private static VarHandle view(Class<?> of) {
        return MethodHandles.byteArrayViewVarHandle(of, ByteOrder.BIG_ENDIAN);
    }

    private int start(int i) {
        if (starts == null) {
            if (size == 1) {
                return 0;
            }
            starts = inOrder();
        }
        return starts[i];
    }

    private int[] inOrder() {
        int[] ordered = new int[size];
        int at = 0;
        for (int count = 0; count < size; count++) {
            int index = count;
            while (index > 0 && timeAt(ordered[index - 1]) > timeAt(at)) {
                ordered[index] = ordered[index - 1];
                index--;
            }
            ordered[index] = at;
            at += META + headerLengthAt(at);
        }
        return ordered;
    }

    /** Packets that arrived, chosen or not. */
    public int total() {
        return total;
    }

    /** Packets chosen: all, unless {@link #take} said otherwise. */
    public int size() {
        return size;
    }

    /** Capture time of packet {@code i}, nanoseconds since the Unix epoch. */
    public long timeNanos(int i) {
        return timeAt(start(i));
    }

    /** Bytes of packet {@code i}'s frame on the wire. */
    public int length(int i) {
        return (int) INT.get(block, start(i) + 8);
    }

    /** Whether the originator sent packet {@code i}. */
    public boolean forward(int i) {
        return block[start(i) + 16] != 0;
    }

    /** Where packet {@code i}'s IP header starts in {@link #block()}. */
    public int headerStart(int i) {
        return start(i) + META;
    }

    /** Header bytes kept of packet {@code i}, from the IP header on. */
    public int headerLength(int i) {
        return headerLengthAt(start(i));
    }

    /** Where packet {@code i}'s transport header starts, counted from its IP header. */
    public int transportOffset(int i) {
        return getShort(start(i) + 12);
    }

    /** The backing bytes; only the first {@link #used()} count. */
    public byte[] block() {
        return block;
    }

    public int used() {
        return used;
    }

    private long timeAt(int at) {
        return (long) LONG.get(block, at);
    }

    private int headerLengthAt(int at) {
        return getShort(at + 14);
    }

    private int getShort(int at) {
        return (short) SHORT.get(block, at) & 0xFFFF;
    }
}
