package io.serveflow.flow;

import java.util.Arrays;

/**
 * The first packets of a flow, oldest first: what keyed state keeps of an uncertain flow and what
 * feature sets read. One block of bytes, so that ten packets cost little more than their headers.
 */
public final class PacketList {

    /** Per packet: time 8, wire length 4, transport offset 2, header length 2, direction 1. */
    private static final int META = 17;

    private static final int INITIAL_BLOCK = 96;

    private byte[] block;
    private int used;
    private int[] starts = new int[2];
    private int size;

    public PacketList() {
        this(new byte[INITIAL_BLOCK], 0);
    }

    /** Restores a list from the bytes that {@link #block()} and {@link #used()} returned. */
    public PacketList(byte[] block, int used) {
        this.block = block;
        this.used = used;
        for (int at = 0; at < used; at += META + headerLengthAt(at)) {
            addStart(size, at);
        }
    }

    /**
     * Adds a packet where its capture time belongs; equal times keep the order of arrival.
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
        int index = size;
        while (index > 0 && timeNanos(index - 1) > timeNanos) {
            index--;
        }
        int at = index == size ? used : starts[index];
        int bytes = META + headerLength;
        makeRoom(at, bytes);
        putLong(at, timeNanos);
        putInt(at + 8, length);
        putShort(at + 12, transportOffset);
        putShort(at + 14, headerLength);
        block[at + 16] = (byte) (forward ? 1 : 0);
        System.arraycopy(headers, offset, block, at + META, headerLength);
        addStart(index, at);
        for (int i = index + 1; i < size; i++) {
            starts[i] += bytes;
        }
    }

    private void makeRoom(int at, int bytes) {
        if (used + bytes > block.length) {
            block = Arrays.copyOf(block, Math.max(used + bytes, block.length + block.length / 2));
        }
        System.arraycopy(block, at, block, at + bytes, used - at);
        used += bytes;
    }

    private void addStart(int index, int at) {
        if (size == starts.length) {
            starts = Arrays.copyOf(starts, size + size / 2 + 2);
        }
        System.arraycopy(starts, index, starts, index + 1, size - index);
        starts[index] = at;
        size++;
    }

    public int size() {
        return size;
    }

    /** Capture time of packet {@code i}, nanoseconds since the Unix epoch. */
    public long timeNanos(int i) {
        int at = starts[i];
        return ((long) getInt(at) << 32) | (getInt(at + 4) & 0xFFFFFFFFL);
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

    private void putLong(int at, long value) {
        putInt(at, (int) (value >>> 32));
        putInt(at + 4, (int) value);
    }
}
