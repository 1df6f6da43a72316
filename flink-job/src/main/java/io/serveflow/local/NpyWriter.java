package io.serveflow.local;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A matrix in NumPy's .npy format 1.0, row by row. The number of rows is known only at the end, so
 * the header has a fixed size and is written again then.
 */
final class NpyWriter implements Closeable {

    private static final int HEADER = 128;

    private final Path file;
    private final int width;
    private final boolean bytes;
    private final float[] row;
    private final ByteBuffer encoded;
    private final OutputStream out;
    private long rows;

    /** {@code bytes}: whether values are written as int8 rather than float32. */
    NpyWriter(Path file, int width, boolean bytes) throws IOException {
        this.file = file;
        this.width = width;
        this.bytes = bytes;
        this.row = new float[width];
        this.encoded =
                ByteBuffer.allocate(width * (bytes ? 1 : Float.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        out.write(header());
    }

    /** The row to fill before {@link #writeRow()}. */
    float[] row() {
        return row;
    }

    void writeRow() throws IOException {
        encoded.clear();
        for (float value : row) {
            if (bytes) {
                encoded.put((byte) value);
            } else {
                encoded.putFloat(value);
            }
        }
        out.write(encoded.array());
        rows++;
    }

    private byte[] header() {
        String description =
                String.format(
                        "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }",
                        bytes ? "|i1" : "<f4", rows, width);
        byte[] header = new byte[HEADER];
        java.util.Arrays.fill(header, (byte) ' ');
        byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, HEADER - 10, 0};
        System.arraycopy(magic, 0, header, 0, magic.length);
        byte[] text = description.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, header, magic.length, text.length);
        header[HEADER - 1] = '\n';
        return header;
    }

    @Override
    public void close() throws IOException {
        out.close();
        try (RandomAccessFile patched = new RandomAccessFile(file.toFile(), "rw")) {
            patched.write(header());
        }
    }
}
