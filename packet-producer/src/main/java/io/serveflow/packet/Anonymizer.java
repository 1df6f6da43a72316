package io.serveflow.packet;

import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.IpAddress;

/**
 * Replaces the addresses of packets by Crypto-PAn's, in their fields and in their header bytes.
 * What would give addresses away is cleared: checksums, which cover them or what quotes them, IP
 * options, {@link Ipv6ExtensionBodies}, the gateway of an ICMP redirect, and {@link
 * TcpOptionBodies}. Not thread-safe.
 */
public final class Anonymizer {

    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;

    private static final int REDIRECT = 5;
    private static final int ADDRESSES_REMEMBERED = 1 << 16;

    private final AddressCipher cipher;
    private final FlowCache<Entry> known = new FlowCache<>(ADDRESSES_REMEMBERED);
    private final EditableHeaders headers = new EditableHeaders();

    /** {@code key}: the 32 bytes of a Crypto-PAn key. */
    public Anonymizer(byte[] key) {
        cipher = new AddressCipher(key);
    }

    /** Anonymizes the packet, which then no longer points into the capture. */
    public void apply(CapturedPacket p) {
        Entry source = entry(p.sourceHigh, p.sourceLow, p.ipv6);
        p.sourceHigh = source.newHigh;
        p.sourceLow = source.newLow;
        Entry destination = entry(p.destinationHigh, p.destinationLow, p.ipv6);
        p.destinationHigh = destination.newHigh;
        p.destinationLow = destination.newLow;
        headers.copyOf(p);
        headers.writeAddresses(p);
        clearTraces(p);
    }

    private void clearTraces(CapturedPacket p) {
        if (p.ipv6) {
            Ipv6ExtensionBodies.clear(headers, p);
        } else {
            headers.clear(p, 10, 12);
            headers.clear(p, 20, p.transportOffset);
        }
        int transport = p.transportOffset;
        switch (p.protocol) {
            case TCP -> {
                headers.clear(p, transport + 16, transport + 18);
                TcpOptionBodies.clear(headers, p);
            }
            case UDP -> headers.clear(p, transport + 6, transport + 8);
            case ICMP -> {
                headers.clear(p, transport + 2, transport + 4);
                if (p.headers[transport] == REDIRECT) {
                    headers.clear(p, transport + 4, transport + 8); // the gateway's address
                }
            }
            case ICMPV6 -> headers.clear(p, transport + 2, transport + 4);
            case SCTP -> headers.clear(p, transport + 8, transport + 12);
            default -> {} // of any other protocol no byte is published
        }
    }

    private Entry entry(long high, long low, boolean ipv6) {
        long hash = (high * 31 + low) * 0x9E3779B97F4A7C15L + (ipv6 ? 1 : 0);
        Entry entry = known.get(hash);
        if (entry == null || entry.high != high || entry.low != low || entry.ipv6 != ipv6) {
            entry = encrypt(high, low, ipv6);
            known.put(hash, entry);
        }
        return entry;
    }

    private Entry encrypt(long high, long low, boolean ipv6) {
        byte[] address = new byte[ipv6 ? 16 : 4];
        IpAddress.write(high, low, ipv6, address, 0);
        byte[] encrypted = cipher.encrypt(address);
        return ipv6
                ? new Entry(
                        high,
                        low,
                        true,
                        IpAddress.readLong(encrypted, 0),
                        IpAddress.readLong(encrypted, 8))
                : new Entry(high, low, false, 0, IpAddress.readInt(encrypted, 0) & 0xFFFFFFFFL);
    }

    private record Entry(long high, long low, boolean ipv6, long newHigh, long newLow) {}
}
