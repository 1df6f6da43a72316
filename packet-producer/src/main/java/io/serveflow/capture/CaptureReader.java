package io.serveflow.capture;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Frames of a capture, in the order it holds them. A capture that is cut or damaged yields every
 * whole frame before the damage and then ends; {@link #damage()} says so. A record that is
 * impossible, but ends where the next one begins, is handed out as one that is {@link
 * CapturedFrame#damage}. Not thread-safe.
 */
public interface CaptureReader extends Closeable {

    /**
     * Reads the next frame into {@code frame}, which stays valid until the next call.
     *
     * @return false at the end of what can be read
     * @throws IOException if the medium fails, never for what the capture contains
     */
    boolean next(CapturedFrame frame) throws IOException;

    /** What messages call the source of the frame that was read last. */
    String name();

    /** Whether a part of the next record has been read already: there is more to come. */
    default boolean withinRecord() {
        return false;
    }

    /** Bytes taken from the medium so far, as stored there: how far a progress bar is. */
    long bytesRead();

    /** Why the capture ended early, as far as it was read; empty for a sound one. */
    List<CaptureDamage> damage();
}
