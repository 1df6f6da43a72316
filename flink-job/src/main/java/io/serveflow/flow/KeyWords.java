package io.serveflow.flow;

import io.serveflow.schema.FlowKey;

/**
 * Flow keys as numbers in an array: ports and attributes, domain, addresses. Below the domain 32
 * bits are free for other use.
 */
final class KeyWords {

    static final int IPV4 = 3;
    static final int IPV6 = 6;

    static final int TUPLE = 0;
    static final int DOMAIN = 1;
    static final int ADDRESSES = 2;

    static final long LOWER = 0xFFFFFFFFL;

    /** A bit of the first word that no key has set, and that does not count as part of one. */
    static final long SPARE = 1L << 30;

    private KeyWords() {}

    /** Writes the key's words, the free bits zero. */
    static void write(FlowKey key, long[] words, int at) {
        words[at + TUPLE] = (long) key.ports() << 32 | key.attributes() & LOWER;
        words[at + DOMAIN] = (long) key.domain() << 32;
        if (key.ipv6()) {
            words[at + ADDRESSES] = key.lowAddressHigh();
            words[at + ADDRESSES + 1] = key.lowAddressLow();
            words[at + ADDRESSES + 2] = key.highAddressHigh();
            words[at + ADDRESSES + 3] = key.highAddressLow();
        } else {
            words[at + ADDRESSES] = key.lowAddressLow() << 32 | key.highAddressLow();
        }
    }

    /** The key that starts at {@code at}. */
    static FlowKey read(long[] words, int at) {
        int ports = (int) (words[at + TUPLE] >>> 32);
        int attributes = (int) (words[at + TUPLE] & ~SPARE);
        int domain = (int) (words[at + DOMAIN] >>> 32);
        int addresses = at + ADDRESSES;
        if (attributes < 0) {
            return FlowKey.ipv6(
                    words[addresses],
                    words[addresses + 1],
                    words[addresses + 2],
                    words[addresses + 3],
                    ports,
                    attributes,
                    domain);
        }
        long both = words[addresses];
        return FlowKey.ipv4((int) (both >>> 32), (int) both, ports, attributes, domain);
    }
}
