package io.serveflow.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

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

    private static ServerSocket bind(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
    }
}
