package io.serveflow.local;

import org.apache.flink.util.NetUtils;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.IntStream;

/** A port of localhost that nobody listens on. */
public final class FreePort {

    private FreePort() {}

    /** {@code preferred} or one of the hundred after it, else any. */
    public static int near(int preferred) throws IOException {
        IntStream close = IntStream.range(preferred, preferred + 100);
        return first(IntStream.concat(close, IntStream.of(0)).iterator())
                .orElseThrow(() -> new IOException("no port of localhost is free"));
    }

    /**
     * The first that is free of {@code range}, written as Flink has it: 8081, 8081-8100 or 0.
     *
     * @param option by which the user names another range
     */
    static int among(String range, String option) throws IOException {
        return first(ports(range, option))
                .orElseThrow(
                        () ->
                                new IOException(
                                        "no port of "
                                                + range
                                                + " is free; name others with "
                                                + option));
    }

    private static Optional<Integer> first(Iterator<Integer> ports) {
        while (ports.hasNext()) {
            try (ServerSocket socket =
                    new ServerSocket(ports.next(), 1, InetAddress.getByName("127.0.0.1"))) {
                return Optional.of(socket.getLocalPort());
            } catch (IOException taken) {
                // the next one, then
            }
        }
        return Optional.empty();
    }

    private static Iterator<Integer> ports(String range, String option) {
        try {
            return NetUtils.getPortRangeFromString(range);
        } catch (RuntimeException e) {
            throw new UsageException(option + ": " + range + " is no port and no range of ports");
        }
    }
}
