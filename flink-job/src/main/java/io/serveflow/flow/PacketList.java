package io.serveflow.flow;

import java.util.Arrays;

/**
 * The first packets of a flow: what keyed state keeps of an uncertain flow and what feature sets
 * read. One block of bytes in the order of arrival, so that ten packets cost little more than their
 * headers; read in the order of capture time, over the first packets that {@link #take} chose.
 */
public final class PacketList {

    /** Per packet: time 8, wire length 4, transport offset 2, header length 2, direction 1. */
    private static final int META = 17;

    private static final int INITIAL_BLOCK = 96;

    private byte[] block;
    private int used;
    private int total;

    /** Starts of the chosen packets within the block, by capture time. */
    private int[] starts = new int[2];

    private int size;

    public PacketList() {
        block = new byte[INITIAL_BLOCK];
    }

    /** Restores a list from the bytes that {@link #block()} and {@link #used()} returned. */
    public PacketList(byte[] block, int used) {
        this.block = block;
        this.used = used;
        for (int at = 0; at < used; at += META + headerLengthAt(at)) {
            choose(at);
            total++;
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
        putInt(at, (int) (timeNanos >>> 32));
        putInt(at + 4, (int) timeNanos);
        putInt(at + 8, length);
        putShort(at + 12, transportOffset);
        putShort(at + 14, headerLength);
        block[at + 16] = (byte) (forward ? 1 : 0);
        System.arraycopy(headers, offset, block, at + META, headerLength);
        choose(at);
        total++;
    }

    /** Chooses the first {@code packets} that arrived, or all where there are fewer. */
    public PacketList take(int packets) {
        size = 0;
        for (int at = 0; at < used && size < packets; at += META + headerLengthAt(at)) {
            choose(at);
        }
        return this;
    }

    private void choose(int at) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size + size / 2 + 2);
        }
        int index = size++;
        while (index > 0 && timeAt(starts[index - 1]) > timeAt(at)) {
            starts[index] = starts[index - 1];
            index--;
        }
        starts[index] = at;
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
        return timeAt(starts[i]);
    }

    /** Bytes of packet {@code i}'s frame on the wire. */
    public int length(int i) {
        return getInt(starts[i] + 8);
    }

    /** Whether the originator sent packet {@code i}. */
    public boolean forward(int i) {
        return block[starts[i] + 16] != 0;
    }

    /** Where packet {@code i}'s IP header starts in {@link #block()}. */
    public int headerStart(int i) {
        return starts[i] + META;
    }

    /** Header bytes kept of packet {@code i}, from the IP header on. */
    public int headerLength(int i) {
        return headerLengthAt(starts[i]);
    }

    /** Where packet {@code i}'s transport header starts, counted from its IP header. */
    public int transportOffset(int i) {
        return getShort(starts[i] + 12);
    }

    /** The backing bytes; only the first {@link #used()} count. */
    public byte[] block() {
        return block;
    }

    public int used() {
        return used;
    }

    private long timeAt(int at) {
        return ((long) getInt(at) << 32) | (getInt(at + 4) & 0xFFFFFFFFL);
    }

    private int headerLengthAt(int at) {
        return getShort(at + 14);
    }

    private int getShort(int at) {
        return (block[at] & 0xFF) << 8 | (block[at + 1] & 0xFF);
    }

    private int getInt(int at) {
        return getShort(at) << 16 | getShort(at + 2);
    }

    private void putShort(int at, int value) {
        block[at] = (byte) (value >>> 8);
        block[at + 1] = (byte) value;
    }

    private void putInt(int at, int value) {
        putShort(at, value >>> 16);
        putShort(at + 2, value);
    }
}
