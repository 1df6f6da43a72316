package io.serveflow.output;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class RecentIdsTest {

    @Test
    void knowsWhatASetKnows() {
        RecentIds recent = new RecentIds(100_000);
        Set<String> all = new HashSet<>();
        Random random = new Random(1);
        for (int i = 0; i < 50_000; i++) {
            String id = id(random.nextInt(20_000), random.nextInt(2));
            assertThat(recent.add(id)).isEqualTo(all.add(id));
        }
    }

    @Test
    void forgetsNoneOfTheLast() {
        RecentIds recent = new RecentIds(1000);
        for (int i = 0; i < 10_000; i++) {
            assertThat(recent.add(id(i, i))).isTrue();
            assertThat(recent.add(id(Math.max(0, i - 999), Math.max(0, i - 999)))).isFalse();
        }
    }

    @Test
    void forgetsTheOldest() {
        RecentIds recent = new RecentIds(1000);
        for (int i = 0; i < 2001; i++) {
            recent.add(id(i, i));
        }

        assertThat(recent.add(id(0, 0))).isTrue();
    }

    @Test
    void takesZerosAndIdsOfOtherWriters() {
        RecentIds recent = new RecentIds();

        for (String id : new String[] {id(0, 0), "", "a verdict", "another verdict"}) {
            assertThat(recent.add(id)).isTrue();
            assertThat(recent.add(id)).isFalse();
        }
    }

    @Test
    void takesAnyThirtyTwoLetters() {
        RecentIds recent = new RecentIds();
        String id = "these are thirty-two letters, no".substring(0, 32);

        assertThat(recent.add(id)).isTrue();
        assertThat(recent.add(id)).isFalse();
    }

    private static String id(long high, long low) {
        return String.format("%016x%016x", high, low);
    }
}
