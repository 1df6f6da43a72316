package io.serveflow.capture;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A pipe that may be silent: a thread of its own reads it, so that the reader can be told of the
 * silence and can be stopped. A plain read would block in both cases.
 */
public final class WatchedStream extends InputStream {

    private static final int CHUNK = 1 << 16;
    private static final int CHUNKS_AHEAD = 16;
    private static final long PATIENCE_MILLIS = 10;
    private static final byte[] END = new byte[0];

    private final InputStream in;
    private final Runnable whenSilent;
    private final BooleanSupplier stopped;
    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(CHUNKS_AHEAD);
    private byte[] chunk = END;
    private int position;
    private boolean ended;
    private volatile IOException failure;

    /**
     * Starts to read.
     *
     * @param whenSilent called in the reader's thread whenever nothing came for ten milliseconds
     * @param stopped whether the stream shall end
     */
    public WatchedStream(InputStream in, Runnable whenSilent, BooleanSupplier stopped) {
        this.in = in;
        this.whenSilent = whenSilent;
        this.stopped = stopped;
        Thread pump = new Thread(this::pump, "capture-input");
        pump.setDaemon(true);
        pump.start();
    }

    private void pump() {
        try {
            byte[] buffer = new byte[CHUNK];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (read > 0) {
                    chunks.put(java.util.Arrays.copyOf(buffer, read));
                }
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            chunks.put(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int read() throws IOException {
        return fill() ? chunk[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, chunk.length - position);
        System.arraycopy(chunk, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean fill() throws IOException {
        while (position == chunk.length && !ended) {
            byte[] next = poll();
            if (next != null) {
                chunk = next;
                position = 0;
                ended = next == END;
            } else if (stopped.getAsBoolean()) {
                ended = true;
            } else {
                whenSilent.run();
            }
        }
        if (ended && failure != null) {
            throw failure;
        }
        return !ended;
    }

    private byte[] poll() throws IOException {
        try {
            return chunks.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading a capture", e);
        }
    }

    @Override
    public int available() {
        return chunk.length - position;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
