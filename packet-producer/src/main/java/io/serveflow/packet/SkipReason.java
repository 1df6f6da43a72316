package io.serveflow.packet;

import java.util.Locale;

/** Why a frame of the capture became no packet. Every frame has exactly one answer. */
public enum SkipReason {
    /** It was not skipped: it is a packet. */
    NONE,
    /** The link type is none that {@link LinkLayer} knows. */
    UNKNOWN_LINK_TYPE,
    /** It carries no IP: ARP, spanning tree, LLDP and the like. */
    NOT_IP,
    /** The capture cut the frame before the ports. */
    TRUNCATED_HEADERS,
    /** Its headers contradict themselves. */
    MALFORMED,
    /** A fragment other than the first; it has no ports. */
    FRAGMENT,
    /** A record that is impossible, although the next one in its file was found. */
    IMPOSSIBLE_RECORD,
    /** More than the wanted number of packets of its flow (--head). */
    BEYOND_HEAD,
    /** The last record of a file that ends within it. */
    TRUNCATED_FILE,
    /** A record that is impossible; nothing after it in its file can be read. */
    CORRUPT_FILE;

    /** As users read it: {@code not-ip}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
