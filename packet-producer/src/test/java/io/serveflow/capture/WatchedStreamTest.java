package io.serveflow.capture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class WatchedStreamTest {

    @Test
    void handsOnEveryByte() throws IOException {
        byte[] bytes = new byte[3_000_000];
        new Random(1).nextBytes(bytes);

        try (WatchedStream stream =
                new WatchedStream(new ByteArrayInputStream(bytes), () -> {}, () -> false)) {
            assertThat(stream.readAllBytes()).isEqualTo(bytes);
            assertThat(stream.read()).isEqualTo(-1);
        }
    }

    @Test
    void saysThatThePipeIsSilent() throws IOException {
        PipedOutputStream writer = new PipedOutputStream();
        PipedInputStream pipe = new PipedInputStream(writer);
        AtomicBoolean written = new AtomicBoolean();
        Runnable writeAtLast =
                () -> {
                    if (written.getAndSet(true)) {
                        return; // it takes the pump a while to wake up
                    }
                    try {
                        writer.write(42);
                        writer.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };

        try (WatchedStream stream = new WatchedStream(pipe, writeAtLast, () -> false)) {
            assertThat(stream.read()).isEqualTo(42);
        }
    }

    @Test
    void endsWhenStoppedAlthoughThePipeDoesNot() throws IOException {
        PipedInputStream pipe = new PipedInputStream(new PipedOutputStream());

        try (WatchedStream stream = new WatchedStream(pipe, () -> {}, () -> true)) {
            assertThat(stream.read()).isEqualTo(-1);
        }
    }
}
