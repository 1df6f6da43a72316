package io.serveflow.local;

/**
 * What is seen of a flow. Probes miss packets: a capture was filtered, it began when the flow had
 * long been running, or the other direction takes another route. Models that learned from whole
 * flows alone take the shape of a handshake for a service.
 */
enum Partial {
    /** All that was captured. */
    WHOLE,

    /** Of TCP only the packets with payload: no handshake, no bare acknowledgement. */
    PAYLOAD,

    /** Without the first packets, one to six of them, by the flow's five-tuple. */
    MIDSTREAM,

    /** Only what the sender of the first packet sent. */
    FORWARD
}
