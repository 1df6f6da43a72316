package io.serveflow.flow;

import java.security.SecureRandom;

/**
 * Where in a table a flow belongs: a hash that nobody outside can foresee, because whoever chooses
 * addresses and ports could otherwise choose ones that all belong to one place. Each 32 bits of a
 * key are multiplied by a secret number of their own and added up, which makes two keys meet in the
 * upper bits no more often than chance would.
 *
 * <p>See D. Lemire and O. Kaser, "Strongly universal string hashing is fast", The Computer Journal
 * 57 (2014).
 */
final class FlowHash {

    private final long[] secrets = new long[2 * KeyWords.IPV6];

    FlowHash() {
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < secrets.length; i++) {
            secrets[i] = random.nextLong();
        }
    }

    /** Hash of the key that starts at {@code at}; its upper half is what counts. */
    long of(long[] words, int at, int keyWords) {
        long hash = secrets[0] + (words[at + KeyWords.DOMAIN] >>> 32) * secrets[1];
        hash += both(words[at + KeyWords.TUPLE], 2);
        for (int i = KeyWords.ADDRESSES; i < keyWords; i++) {
            hash += both(words[at + i], 2 * i);
        }
        return hash;
    }

    private long both(long word, int secret) {
        return (word >>> 32) * secrets[secret] + (word & KeyWords.LOWER) * secrets[secret + 1];
    }
}
