package io.serveflow.flow;

import io.serveflow.schema.FlowKey;
import io.serveflow.testing.Packets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class FlowTableTest {

    private static final FlowPacket PACKET = Packets.udp(40000).packet();

    private final FlowTable table = new FlowTable(new FlowTable.Secret());
    private final Map<FlowKey, Flow> expected = new HashMap<>();

    /** The map of the JDK is the oracle, whatever is put, changed and removed in whatever order. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5})
    void holdsWhatAMapWouldHold(int seed) {
        Random random = new Random(seed);
        int keys = 1 << 3 + 2 * seed;
        for (int round = 0; round < 20 * keys; round++) {
            FlowKey key = key(random, keys);
            if (random.nextInt(3) == 0) {
                table.remove(key);
                expected.remove(key);
            } else {
                Flow flow = flow(random);
                table.put(key, flow);
                expected.put(key, flow);
            }
            if (random.nextInt(keys) == 0) {
                assertHoldsTheExpected();
            }
        }
        assertHoldsTheExpected();
        for (FlowKey key : List.copyOf(expected.keySet())) {
            table.remove(key);
            expected.remove(key);
        }
        assertHoldsTheExpected();
    }

    @Test
    void knowsAFlowByAnEqualKey() {
        table.put(ipv6(7), Flow.open(PACKET));
        table.put(ipv4(7), Flow.open(PACKET));

        assertThat(held(ipv6(7))).isNotNull();
        assertThat(held(ipv4(7))).isNotNull();
        assertThat(held(ipv4(8))).isNull();
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void tellsKeysApartThatDifferInOneField() {
        List<FlowKey> keys =
                List.of(
                        FlowKey.ipv4(1, 2, 3, 6, 0),
                        FlowKey.ipv4(9, 2, 3, 6, 0),
                        FlowKey.ipv4(1, 9, 3, 6, 0),
                        FlowKey.ipv4(1, 2, 9, 6, 0),
                        FlowKey.ipv4(1, 2, 3, 17, 0),
                        FlowKey.ipv4(1, 2, 3, 6, 9),
                        FlowKey.ipv6(1, 2, 3, 4, 5, 0x80000006, 0),
                        FlowKey.ipv6(9, 2, 3, 4, 5, 0x80000006, 0),
                        FlowKey.ipv6(1, 9, 3, 4, 5, 0x80000006, 0),
                        FlowKey.ipv6(1, 2, 9, 4, 5, 0x80000006, 0),
                        FlowKey.ipv6(1, 2, 3, 9, 5, 0x80000006, 0),
                        FlowKey.ipv6(1, 2, 3, 4, 9, 0x80000006, 0),
                        FlowKey.ipv6(1, 2, 3, 4, 5, 0x80000011, 0),
                        FlowKey.ipv6(1, 2, 3, 4, 5, 0x80000006, 9));
        for (FlowKey key : keys) {
            assertThat(held(key)).isNull();
            table.put(key, Flow.open(PACKET));
        }
        assertThat(table.size()).isEqualTo(keys.size());
    }

    @Test
    void handsOutCopiesOfWhatIsNoObject() {
        table.put(PACKET.key, Flow.open(PACKET));
        held(PACKET.key).timerMillis = 5;
        assertThat(held(PACKET.key).timerMillis).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void findsAFlowByItsHandleUntilItIsGone() {
        List<FlowKey> keys = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            keys.add(i % 2 == 0 ? ipv4(i) : ipv6(i));
            table.put(keys.get(i), Flow.open(PACKET));
        }
        List<Long> handles = keys.stream().map(table::handle).toList();
        assertThat(handles).allMatch(handle -> (handle & FlowTable.FREE_IN_HANDLE) == 0);
        for (int i = 0; i < keys.size(); i++) {
            assertThat(table.keys(handles.get(i))).containsExactly(keys.get(i));
        }
        for (int i = 0; i < keys.size(); i += 3) {
            table.remove(keys.get(i));
        }
        for (int i = 0; i < keys.size(); i++) {
            assertThat(table.keys(handles.get(i)).contains(keys.get(i))).isEqualTo(i % 3 != 0);
        }
    }

    /** Whoever knows where one table puts a flow knows nothing of the next one. */
    @Test
    void placesFlowsByASecret() {
        FlowTable other = new FlowTable(new FlowTable.Secret());
        long same = 0;
        for (int i = 0; i < 100; i++) {
            same += table.handle(ipv4(i)) == other.handle(ipv4(i)) ? 1 : 0;
        }
        assertThat(same).isLessThan(10);
    }

    @Test
    void laterChangesDoNotReachAnImage() {
        FlowPacket ends = Packets.udp(2).packet();
        FlowPacket cut = Packets.udp(3).packet();
        for (FlowPacket packet : List.of(PACKET, ends, cut)) {
            Flow flow = Flow.open(packet);
            keep(packet, flow);
            table.put(packet.key, flow);
        }
        Flow flow = held(cut.key);
        flow.cut(Packets.udp(3).at(Packets.minutes(40)).packet());
        table.put(cut.key, flow);
        FlowImage image = new FlowImage();
        table.copyTo(image);

        flow = held(PACKET.key);
        FlowPacket second = Packets.udp(40000).at(Packets.seconds(1)).packet();
        flow.observe(second);
        keep(second, flow);
        flow.waiting.beyond++;
        flow.timerMillis = 17;
        table.put(PACKET.key, flow);
        table.remove(ends.key);
        table.put(ipv6(1), Flow.open(PACKET));

        Map<FlowKey, Flow> then = content(image);
        assertThat(then).containsOnlyKeys(PACKET.key, ends.key, cut.key);
        Flow before = then.get(PACKET.key);
        assertThat(before.lastNanos).isEqualTo(PACKET.timeNanos);
        assertThat(before.timerMillis).isEqualTo(Long.MAX_VALUE);
        assertThat(before.waiting.packets.total()).isEqualTo(1);
        assertThat(before.waiting.seen()).isEqualTo(1);
        assertThat(then.get(cut.key).segment()).isEqualTo(1);
        assertThat(then.get(cut.key).startNanos()).isEqualTo(cut.timeNanos);
    }

    @Test
    void anImageIsGoodForTheNextSnapshot() {
        FlowImage image = new FlowImage();
        for (int i = 0; i < 100; i++) {
            table.put(ipv4(i), Flow.open(PACKET));
        }
        table.copyTo(image);
        image.handOver();
        assertThat(image.free()).isFalse();
        image.setWritten();
        assertThat(image.free()).isTrue();
        for (int i = 0; i < 90; i++) {
            table.remove(ipv4(i));
        }
        table.put(ipv6(1), Flow.open(PACKET));

        table.copyTo(image);

        assertThat(image.free()).isFalse();
        assertThat(image.size()).isEqualTo(11);
        assertThat(content(image)).hasSize(11).containsKeys(ipv4(99), ipv6(1));
    }

    @Test
    void anImageKeepsNoRoomForACrowdThatLeft() {
        FlowImage image = new FlowImage();
        for (int i = 0; i < 10_000; i++) {
            table.put(ipv4(i), Flow.open(PACKET));
            table.put(ipv6(i), Flow.open(PACKET));
        }
        table.copyTo(image);
        for (int i = 1; i < 10_000; i++) {
            table.remove(ipv4(i));
            table.remove(ipv6(i));
        }

        table.copyTo(image);

        assertThat(image.ipv4.length + image.ipv6.length).isLessThan(1000);
        assertThat(content(image)).containsOnlyKeys(ipv4(0), ipv6(0));
    }

    private Flow held(FlowKey key) {
        return table.get(key, new Flow());
    }

    private static Map<FlowKey, Flow> content(FlowImage image) {
        Map<FlowKey, Flow> content = new HashMap<>();
        image.forEach(content::put);
        return content;
    }

    private void assertHoldsTheExpected() {
        assertThat(table.size()).isEqualTo(expected.size());
        expected.forEach(
                (key, flow) -> {
                    Flow there = held(key);
                    assertThat(numbers(there)).isEqualTo(numbers(flow));
                    assertThat(there.waiting).isSameAs(flow.waiting);
                });
        FlowImage image = new FlowImage();
        table.copyTo(image);
        Map<FlowKey, Flow> content = content(image);
        assertThat(content.keySet()).isEqualTo(expected.keySet());
        content.forEach(
                (key, flow) -> assertThat(numbers(flow)).isEqualTo(numbers(expected.get(key))));
    }

    private static List<Object> numbers(Flow flow) {
        return Arrays.asList(
                flow.marks,
                flow.segmentStartNanos,
                flow.lastNanos,
                flow.timerMillis,
                flow.earlier,
                flow.answered());
    }

    private static Flow flow(Random random) {
        Flow flow = Flow.open(PACKET);
        flow.marks = random.nextInt();
        flow.segmentStartNanos = random.nextLong();
        flow.lastNanos = random.nextLong();
        flow.timerMillis = random.nextLong();
        if (random.nextInt(4) > 0) {
            flow.waiting = null;
        }
        if (random.nextInt(4) == 0) {
            flow.earlier = new Flow.Earlier(random.nextLong(), random.nextInt(9));
        }
        return flow;
    }

    private static void keep(FlowPacket packet, Flow flow) {
        flow.waiting.packets.add(
                packet.timeNanos,
                packet.length,
                true,
                packet.transportOffset,
                packet.headers,
                packet.headersOffset,
                packet.headersLength);
    }

    private static FlowKey key(Random random, int keys) {
        int number = random.nextInt(keys);
        return random.nextBoolean() ? ipv4(number) : ipv6(number);
    }

    private static FlowKey ipv4(int number) {
        return FlowKey.ipv4(number, -number, number << 16 | 53, 17, 0);
    }

    private static FlowKey ipv6(int number) {
        return FlowKey.ipv6(-1, number, 1, 2, 443, 0x80000000 | 6, 0);
    }
}
