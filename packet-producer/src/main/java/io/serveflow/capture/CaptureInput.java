package io.serveflow.capture;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * The bytes of a capture, buffered so that a frame can be handed out in place. The buffer grows
 * only as bytes really arrive, whatever length a record claims.
 */
final class CaptureInput implements Closeable {

    private static final VarHandle INT_BIG =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT_LITTLE =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final CountingStream stored;
    private final InputStream in;
    private final String name;
    private byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;

    /** Offset within the capture of the buffer's first byte. */
    private long bufferStart;

    private boolean bigEndian;
    private boolean compressedDataCut;
    private boolean compressedDataCorrupt;

    /** {@code stored} counts the bytes of the medium; {@code in} may be what gzip makes of them. */
    CaptureInput(CountingStream stored, InputStream in, String name) {
        this.stored = stored;
        this.in = in;
        this.name = name;
    }

    long bytesRead() {
        return stored.count();
    }

    String name() {
        return name;
    }

    void bigEndian(boolean bigEndian) {
        this.bigEndian = bigEndian;
    }

    byte[] array() {
        return buffer;
    }

    /** Index in {@link #array()} of the current position. */
    int index() {
        return position;
    }

    /** Position within the (uncompressed) capture. */
    long offset() {
        return bufferStart + position;
    }

    /** Makes {@code bytes} available from the current position; false if the capture ends first. */
    boolean need(int bytes) throws IOException {
        while (limit - position < bytes) {
            if (position > 0) {
                System.arraycopy(buffer, position, buffer, 0, limit - position);
                bufferStart += position;
                limit -= position;
                position = 0;
            }
            if (limit == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
            int read = read();
            if (read < 0) {
                return false;
            }
            limit += read;
        }
        return true;
    }

    /** Whether bytes were taken from the medium that are not stepped over yet. */
    boolean hasUnread() {
        return limit > position;
    }

    private int read() throws IOException {
        try {
            return in.read(buffer, limit, buffer.length - limit);
        } catch (EOFException e) {
            compressedDataCut = true;
            return -1;
        } catch (ZipException e) {
            compressedDataCorrupt = true;
            return -1;
        }
    }

    void advance(int bytes) {
        position += bytes;
    }

    /** The 32-bit number at {@code at} bytes from the current position, in the set byte order. */
    int int32(int at) {
        return (int) (bigEndian ? INT_BIG : INT_LITTLE).get(buffer, position + at);
    }

    long uint32(int at) {
        return int32(at) & 0xFFFFFFFFL;
    }

    long int64(int at) {
        return bigEndian ? uint32(at) << 32 | uint32(at + 4) : uint32(at + 4) << 32 | uint32(at);
    }

    int uint16(int at) {
        int first = buffer[position + at] & 0xFF;
        int second = buffer[position + at + 1] & 0xFF;
        return bigEndian ? first << 8 | second : second << 8 | first;
    }

    /** Whether the input ended because its gzip data is cut or damaged. */
    boolean compressedDataBroken() {
        return compressedDataCut || compressedDataCorrupt;
    }

    /** What the end of the input within {@code what} means; null if nothing was left to read. */
    CaptureDamage damageAtEnd(String what) {
        if (compressedDataCorrupt) {
            return corrupt("its gzip data is damaged");
        }
        if (position == limit && !compressedDataCut) {
            return null;
        }
        return new CaptureDamage(
                name,
                CaptureDamage.Kind.TRUNCATED,
                "the file ends within " + what + " that starts at byte " + offset());
    }

    CaptureDamage corrupt(String problem) {
        return new CaptureDamage(
                name, CaptureDamage.Kind.CORRUPT, problem + " at byte " + offset());
    }

    /** One record that is impossible, within a capture that can be read on. */
    CaptureDamage impossible(String problem) {
        return new CaptureDamage(
                name, CaptureDamage.Kind.IMPOSSIBLE_RECORD, problem + " at byte " + offset());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
