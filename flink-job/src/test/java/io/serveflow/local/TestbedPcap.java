package io.serveflow.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;

/** The bundled capture as bytes, for tests that change it: a little-endian pcap file. */
final class TestbedPcap {

    static final int FILE_HEADER = 24;
    static final int RECORD_HEADER = 16;

    private static final int LENGTH_AT = 8;

    private TestbedPcap() {}

    static byte[] read() throws IOException {
        try (InputStream in = TestbedPcap.class.getResourceAsStream("/capture/testbed.pcap")) {
            return in.readAllBytes();
        }
    }

    /** Where its records start. */
    static int[] records(byte[] pcap) {
        return IntStream.iterate(
                        FILE_HEADER, at -> at < pcap.length, at -> at + recordLength(pcap, at))
                .toArray();
    }

    /** Bytes of the record that starts there, its header included. */
    static int recordLength(byte[] pcap, int at) {
        return RECORD_HEADER + littleEndian(pcap).getInt(at + LENGTH_AT);
    }

    static ByteBuffer littleEndian(byte[] pcap) {
        return ByteBuffer.wrap(pcap).order(ByteOrder.LITTLE_ENDIAN);
    }
}
