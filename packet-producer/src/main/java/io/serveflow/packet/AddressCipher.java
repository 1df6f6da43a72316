package io.serveflow.packet;

import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Crypto-PAn, the prefix-preserving encryption of addresses: two addresses that share their first n
 * bits share exactly the first n bits of what they become, so networks stay networks. The same key
 * gives the same result in every tool that implements it. Not thread-safe.
 */
final class AddressCipher {

    static final int KEY_LENGTH = 32;

    private static final int BLOCK = 16;

    private final Cipher aes;
    private final byte[] pad;

    /** {@code key}: 16 bytes for AES, then 16 bytes for the pad. */
    AddressCipher(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("a Crypto-PAn key has 32 bytes, not " + key.length);
        }
        try {
            aes = Cipher.getInstance("AES/ECB/NoPadding"); // Crypto-PAn is made of single blocks
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, 0, BLOCK, "AES"));
            pad = aes.doFinal(key, BLOCK, BLOCK);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES", e);
        }
    }

    /** Encrypts an address of 4 or 16 bytes. */
    byte[] encrypt(byte[] address) {
        int bits = 8 * address.length;
        byte[] blocks = new byte[bits * BLOCK];
        for (int bit = 0; bit < bits; bit++) {
            putPrefix(address, bit, blocks, bit * BLOCK);
        }
        byte[] encrypted = encryptBlocks(blocks);
        byte[] result = address.clone();
        for (int bit = 0; bit < bits; bit++) {
            int flip = (encrypted[bit * BLOCK] & 0x80) >>> (bit % 8);
            result[bit / 8] ^= (byte) flip;
        }
        return result;
    }

    /** The address's first {@code length} bits, and from there on the pad. */
    private void putPrefix(byte[] address, int length, byte[] target, int at) {
        System.arraycopy(pad, 0, target, at, BLOCK);
        System.arraycopy(address, 0, target, at, length / 8);
        if (length % 8 != 0) {
            int mask = 0xFF00 >>> (length % 8);
            int mixed = address[length / 8] & mask | pad[length / 8] & ~mask;
            target[at + length / 8] = (byte) mixed;
        }
    }

    private byte[] encryptBlocks(byte[] blocks) {
        try {
            return aes.doFinal(blocks);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("whole blocks were refused", e);
        } finally {
            Arrays.fill(blocks, (byte) 0);
        }
    }
}
