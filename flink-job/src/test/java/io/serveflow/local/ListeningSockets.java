package io.serveflow.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Where this process listens, as Linux has it: its own word for it, whatever a program thinks. */
final class ListeningSockets {

    private static final String LISTENING = "0A";
    private static final int ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private ListeningSockets() {}

    static List<InetSocketAddress> ofThisProcess() throws IOException {
        Set<String> open = openFiles();
        List<InetSocketAddress> listening = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
                String[] column = line.strip().split("\\s+");
                if (column[STATE].equals(LISTENING)
                        && open.contains("socket:[" + column[INODE] + "]")) {
                    listening.add(address(column[ADDRESS]));
                }
            }
        }
        return listening;
    }

    private static Set<String> openFiles() throws IOException {
        Set<String> open = new HashSet<>();
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException closed) {
                    // between the listing and the look at it
                }
            }
        }
        return open;
    }

    /** An address is written as numbers of four bytes in the order of the machine. */
    private static InetSocketAddress address(String text) throws IOException {
        int colon = text.indexOf(':');
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(text.substring(0, colon)));
        ByteBuffer address = ByteBuffer.allocate(words.capacity()).order(ByteOrder.nativeOrder());
        while (words.hasRemaining()) {
            address.putInt(words.getInt());
        }
        int port = Integer.parseInt(text.substring(colon + 1), 16);
        return new InetSocketAddress(InetAddress.getByAddress(address.array()), port);
    }
}
