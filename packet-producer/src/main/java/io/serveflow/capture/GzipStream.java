package io.serveflow.capture;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Reads gzip, member after member (RFC 1952). The JDK's own stream takes whatever is wrong with the
 * header of a later member for the end of the data, and a pipe that is slow for one, too. Here only
 * the end of the input is an end, perhaps behind a padding of zeros, and anything else is damage.
 */
final class GzipStream extends InflaterInputStream {

    /** Small, for what is read ahead is put back at the end of each member. */
    private static final int BUFFER = 1 << 13;

    private static final int FIXED_HEADER = 10;
    private static final int DEFLATE = 8;

    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final PushbackInputStream compressed;
    private final CRC32 checksum = new CRC32();
    private boolean ended;

    /**
     * Reads the header of the first member.
     *
     * @throws ZipException if it is none
     * @throws EOFException if the input ends within it
     */
    GzipStream(InputStream in) throws IOException {
        super(new PushbackInputStream(in, BUFFER), new Inflater(true), BUFFER);
        compressed = (PushbackInputStream) super.in;
        readHeader();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (!ended) {
            int read = super.read(target, offset, length);
            if (read >= 0) {
                checksum.update(target, offset, read);
                return read;
            }
            ended = true; // also if what follows is damaged
            readTrailer();
            ended = !findMember();
        }
        return -1;
    }

    private void readTrailer() throws IOException {
        int ahead = inf.getRemaining();
        compressed.unread(buf, len - ahead, ahead);
        if (readInt() != (int) checksum.getValue() || readInt() != (int) inf.getBytesWritten()) {
            throw new ZipException("gzip checksum or length is wrong");
        }
    }

    private boolean findMember() throws IOException {
        int next = compressed.read();
        while (next == 0) {
            next = compressed.read();
        }
        if (next < 0) {
            return false;
        }
        compressed.unread(next);
        readHeader();
        inf.reset();
        checksum.reset();
        return true;
    }

    private void readHeader() throws IOException {
        byte[] fixed = readBytes(FIXED_HEADER);
        if (fixed[0] != 0x1F || (fixed[1] & 0xFF) != 0x8B || fixed[2] != DEFLATE) {
            throw new ZipException("no gzip header");
        }
        int flags = fixed[3];
        if ((flags & EXTRA) != 0) {
            byte[] length = readBytes(2);
            readBytes(length[0] & 0xFF | (length[1] & 0xFF) << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            readBytes(2);
        }
    }

    private void skipText() throws IOException {
        while (readBytes(1)[0] != 0) {
            continue;
        }
    }

    private int readInt() throws IOException {
        byte[] b = readBytes(Integer.BYTES);
        return b[0] & 0xFF | (b[1] & 0xFF) << 8 | (b[2] & 0xFF) << 16 | (b[3] & 0xFF) << 24;
    }

    private byte[] readBytes(int count) throws IOException {
        byte[] bytes = compressed.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("gzip data end within a header or a trailer");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        super.close();
        inf.end();
    }
}
