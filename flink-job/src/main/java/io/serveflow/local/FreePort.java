package io.serveflow.local;

import org.apache.flink.util.NetUtils;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Iterator;

/** A port of localhost that nobody listens on. */
public final class FreePort {

    private FreePort() {}

    /** {@code preferred} or one of the hundred after it, else any. */
    public static int near(int preferred) throws IOException {
        for (int port = preferred; port < preferred + 100; port++) {
            try (ServerSocket socket = bind(port)) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the next one, then
            }
        }
        try (ServerSocket socket = bind(0)) {
            return socket.getLocalPort();
        }
    }

    /**
     * The first that is free of {@code range}, written as Flink has it: 8081, 8081-8100 or 0.
     *
     * @param option by which the user names another range
     */
    static int among(String range, String option) throws IOException {
        for (Iterator<Integer> ports = ports(range, option); ports.hasNext(); ) {
            try (ServerSocket socket = bind(ports.next())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the next one, then
            }
        }
        throw new IOException("no port of " + range + " is free; name others with " + option);
    }

    private static Iterator<Integer> ports(String range, String option) {
        try {
            return NetUtils.getPortRangeFromString(range);
        } catch (RuntimeException e) {
            throw new UsageException(option + ": " + range + " is no port and no range of ports");
        }
    }

    private static ServerSocket bind(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
    }
}
