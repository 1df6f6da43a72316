package io.serveflow.feature;

import io.serveflow.flow.PacketList;

import java.util.Arrays;

/**
 * The responder's port where it names a service: a system port, or one of the registered ports that
 * services are found at in practice. Any other number says who talks, not what.
 */
final class ServicePort {

    private static final int SYSTEM_PORTS = 1024;

    /** From IANA's registry, ascending. */
    private static final int[] REGISTERED = {
        1080, 1194, 1433, 1434, 1521, 1604, 1645, 1646, 1701, 1719, 1720, 1723, 1812, 1813, 1883,
        1900, 2049, 2083, 2123, 2152, 2375, 2379, 2404, 3128, 3260, 3268, 3269, 3283, 3306, 3389,
        3478, 3544, 3702, 4369, 4500, 4789, 4840, 5004, 5005, 5060, 5061, 5222, 5269, 5349, 5351,
        5353, 5355, 5357, 5432, 5671, 5672, 5683, 5684, 5900, 5985, 5986, 6379, 6443, 6514, 6653,
        6667, 6697, 7547, 8000, 8080, 8291, 8333, 8443, 8883, 9000, 9042, 9092, 9100, 9200, 9418,
        10000, 10161, 11211, 20000, 25565, 27017, 34962, 34964, 44818, 47808, 51820
    };

    private ServicePort() {}

    static int of(PacketList list) {
        if (list.size() == 0
                || !HeaderReader.carries(list, 0, HeaderReader.TCP)
                        && !HeaderReader.carries(list, 0, HeaderReader.UDP)) {
            return HeaderReader.ABSENT;
        }
        int at = list.transportOffset(0) + (list.forward(0) ? 2 : 0);
        int port = HeaderReader.shortAt(list, 0, at);
        boolean service = port < SYSTEM_PORTS || Arrays.binarySearch(REGISTERED, port) >= 0;
        return service ? port : HeaderReader.ABSENT;
    }
}
