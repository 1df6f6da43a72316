package io.serveflow.flow;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/** A list against the obvious model of it: a sorted Java list of records. */
class PacketListTest {

    private static final int ROUNDS = 500;

    private record Entry(long time, int length, boolean forward, int transport, byte[] headers) {}

    @Test
    void readsPacketsByCaptureTimeAndKeepsTheOrderOfArrivalAmongEquals() {
        Random random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            List<Entry> arrived = entries(random);

            assertHolds(filled(arrived), arrived);
        }
    }

    @Test
    void choosesTheFirstThatArrived() {
        Random random = new Random(2);
        for (int round = 0; round < ROUNDS; round++) {
            List<Entry> arrived = entries(random);
            int wanted = 1 + random.nextInt(12);
            PacketList list = filled(arrived);

            assertHolds(list.take(wanted), arrived.subList(0, Math.min(wanted, arrived.size())));
            assertHolds(list.take(Integer.MAX_VALUE), arrived);
            assertThat(list.total()).isEqualTo(arrived.size());
        }
    }

    @Test
    void isTheSameAfterItsBytesWereSavedAndRestored() {
        Random random = new Random(3);
        for (int round = 0; round < ROUNDS; round++) {
            List<Entry> arrived = entries(random);
            PacketList list = filled(arrived);

            PacketList restored =
                    new PacketList(Arrays.copyOf(list.block(), list.used()), list.used());

            assertThat(restored.total()).isEqualTo(arrived.size());
            assertHolds(restored, arrived);
            Entry one = entries(random).get(0);
            add(restored, one);
            List<Entry> more = new ArrayList<>(arrived);
            more.add(one);
            assertHolds(restored, more);
        }
    }

    @Test
    void holdsHeadersOfAnyLengthUpToTheLargestRecord() {
        byte[] headers = new byte[0xFFFF];
        new Random(4).nextBytes(headers);
        PacketList list = new PacketList();

        list.add(-1, 1 << 24, true, 0xFFFF, headers, 0, headers.length);

        assertThat(list.headerLength(0)).isEqualTo(0xFFFF);
        assertThat(list.transportOffset(0)).isEqualTo(0xFFFF);
        assertThat(list.length(0)).isEqualTo(1 << 24);
        assertThat(list.timeNanos(0)).isEqualTo(-1);
    }

    @Test
    void makesRoomOnceAndNoMoreThanOrdinaryPacketsNeed() {
        PacketList list = new PacketList();
        list.add(1, 60, true, 20, new byte[60], 0, 60);

        list.reserve(5);
        byte[] roomy = list.block();
        for (int i = 2; i <= 5; i++) {
            list.add(i, 60, true, 20, new byte[60], 0, 60);
        }

        assertThat(list.block()).isSameAs(roomy);

        PacketList huge = new PacketList();
        huge.add(1, 60, true, 20, new byte[0xFFFF], 0, 0xFFFF);
        int before = huge.block().length;
        huge.reserve(20);
        assertThat(huge.block()).hasSize(before);
    }

    private static void assertHolds(PacketList list, List<Entry> arrived) {
        List<Entry> expected = new ArrayList<>(arrived);
        expected.sort(Comparator.comparingLong(Entry::time));
        assertThat(list.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            Entry entry = expected.get(i);
            assertThat(list.timeNanos(i)).isEqualTo(entry.time);
            assertThat(list.length(i)).isEqualTo(entry.length);
            assertThat(list.forward(i)).isEqualTo(entry.forward);
            assertThat(list.transportOffset(i)).isEqualTo(entry.transport);
            int start = list.headerStart(i);
            assertThat(Arrays.copyOfRange(list.block(), start, start + list.headerLength(i)))
                    .isEqualTo(entry.headers);
        }
    }

    private static PacketList filled(List<Entry> entries) {
        PacketList list = new PacketList();
        entries.forEach(entry -> add(list, entry));
        return list;
    }

    private static void add(PacketList list, Entry e) {
        list.add(e.time, e.length, e.forward, e.transport, e.headers, 0, e.headers.length);
    }

    private static List<Entry> entries(Random random) {
        List<Entry> entries = new ArrayList<>();
        for (int left = 1 + random.nextInt(12); left > 0; left--) {
            byte[] headers = new byte[random.nextInt(80)];
            random.nextBytes(headers);
            // Few different times, so that equal ones are common.
            entries.add(
                    new Entry(
                            random.nextInt(6) * 1_000_000_007L,
                            random.nextInt(1500),
                            random.nextBoolean(),
                            random.nextInt(60),
                            headers));
        }
        return entries;
    }
}
