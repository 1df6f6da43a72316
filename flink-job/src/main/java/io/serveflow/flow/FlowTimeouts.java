package io.serveflow.flow;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a flow is over, all in capture time, nanoseconds.
 *
 * @param tcpIdle silence that ends a TCP flow
 * @param udpIdle silence that ends a UDP flow, and one of any protocol without a rule of its own
 * @param icmpIdle silence that ends an ICMP flow
 * @param halfOpen silence that ends a TCP flow that nobody answered, as far as packets and
 *     acknowledgements tell: a scan must not cost five minutes of state
 * @param closed silence after RST or both FINs; absorbs stragglers
 * @param active length at which a flow is cut into segments
 * @param deadline how long an uncertain flow may wait for its packets
 * @param outOfOrder how late a packet may come and still count
 * @param duplicate window in which an identical packet is a copy; 0 = copies are packets
 */
public record FlowTimeouts(
        long tcpIdle,
        long udpIdle,
        long icmpIdle,
        long halfOpen,
        long closed,
        long active,
        long deadline,
        long outOfOrder,
        long duplicate)
        implements Serializable {

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int ICMPV6 = 58;

    /** Zeek's defaults, a deadline of ten seconds, packets up to a second out of order. */
    public static final FlowTimeouts DEFAULTS =
            new FlowTimeouts(
                    Duration.ofMinutes(5).toNanos(),
                    Duration.ofMinutes(1).toNanos(),
                    Duration.ofMinutes(1).toNanos(),
                    Duration.ofSeconds(5).toNanos(),
                    Duration.ofSeconds(5).toNanos(),
                    Duration.ofMinutes(30).toNanos(),
                    Duration.ofSeconds(10).toNanos(),
                    Duration.ofSeconds(1).toNanos(),
                    0);

    long idle(int protocol) {
        return switch (protocol) {
            case TCP -> tcpIdle;
            case ICMP, ICMPV6 -> icmpIdle;
            default -> udpIdle;
        };
    }
}
