package io.serveflow.schema;

import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Community ID v1: a text that Zeek, Suricata and others compute alike for the same five-tuple.
 * VLAN and tunnels are not part of it. Not thread-safe; one per thread.
 */
public final class CommunityId {

    private static final byte[] VERSION = {'1', ':'};
    private static final int SCTP = 132;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private final MessageDigest sha1;
    private final int seed;
    private final byte[] input = new byte[2 + 16 + 16 + 1 + 1 + 2 + 2];
    private final byte[] digest = new byte[20];
    private final byte[] encoded = new byte[28];
    private final byte[] text = Arrays.copyOf(VERSION, VERSION.length + encoded.length);

    public CommunityId() {
        this(0);
    }

    /** {@code seed}: 0 to 65535; sites that share ids share the seed. */
    public CommunityId(int seed) {
        this.seed = seed;
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    public String of(FlowKey key) {
        int n = putShort(seed, 0);
        n += IpAddress.write(key.lowAddressHigh(), key.lowAddressLow(), key.ipv6(), input, n);
        n += IpAddress.write(key.highAddressHigh(), key.highAddressLow(), key.ipv6(), input, n);
        input[n++] = (byte) key.protocol();
        input[n++] = 0;
        if (hasPorts(key.protocol())) {
            n += putShort(key.lowPort(), n);
            n += putShort(key.highPort(), n);
        }
        sha1.update(input, 0, n);
        return text();
    }

    /** Every verdict has one: it costs the text alone. */
    private String text() {
        try {
            sha1.digest(digest, 0, digest.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-1 digest has 20 bytes", e);
        }
        Base64.getEncoder().encode(digest, encoded);
        System.arraycopy(encoded, 0, text, VERSION.length, encoded.length);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP || IcmpPorts.isIcmp(protocol);
    }

    private int putShort(int value, int offset) {
        input[offset] = (byte) (value >>> 8);
        input[offset + 1] = (byte) value;
        return 2;
    }
}
