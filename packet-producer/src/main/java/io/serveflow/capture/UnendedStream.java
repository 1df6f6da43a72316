package io.serveflow.capture;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Claims that more will come until it has seen the end. JDK 17's gzip stream takes bytes that are
 * available for the sign of another member; a pipe may just be slow, and a named one refuses to
 * answer.
 */
final class UnendedStream extends FilterInputStream {

    private boolean ended;

    UnendedStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int value = in.read();
        ended |= value < 0;
        return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, length);
        ended |= read < 0;
        return read;
    }

    @Override
    public int available() {
        return ended ? 0 : 1;
    }
}
