package io.serveflow.decode;

import io.serveflow.avro.DeadLetter;
import io.serveflow.flow.FlowPacket;
import io.serveflow.metrics.CounterNames;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.PacketGathering;

import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import static io.serveflow.testing.Packets.T0;
import static io.serveflow.testing.Packets.minutes;
import static io.serveflow.testing.Packets.seconds;
import static io.serveflow.testing.Packets.udp;
import static org.assertj.core.api.Assertions.assertThat;

class PacketDecodingTest {

    private static final DecodeSettings SETTINGS =
            new DecodeSettings(false, false, seconds(1), minutes(1), null);
    private static final byte[] VALID = udp(40000).record();
    private static final byte[] POISON = "not a packet".getBytes(StandardCharsets.UTF_8);

    private OneInputStreamOperatorTestHarness<RawRecord, FlowPacket> harness;
    private int offset;

    @BeforeEach
    void open() throws Exception {
        harness = ProcessFunctionTestHarnesses.forProcessFunction(new PacketDecoding(SETTINGS));
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void sendsAPoisonedRecordToTheDeadLettersAndReadsTheNext() throws Exception {
        read(3, VALID, POISON, VALID, VALID);

        assertThat(harness.extractOutputValues()).hasSize(3);
        DeadLetter letter = onlyDeadLetter();
        assertThat(letter.getTopic()).isEqualTo("packets");
        assertThat(letter.getPartition()).isEqualTo(3);
        assertThat(letter.getOffset()).isEqualTo(1);
        assertThat(letter.getTimestampMillis()).isEqualTo(Instant.ofEpochMilli(77));
        assertThat(letter.getValue().array()).isEqualTo(POISON);
        assertThat(letter.getReason()).contains("neither Avro single-object");
        assertCounted(4, 3, 0, 1);
    }

    @Test
    void sendsATombstoneToTheDeadLetters() throws Exception {
        read(0, null, VALID);

        assertThat(onlyDeadLetter().getReason()).isEqualTo("empty record");
        assertThat(harness.extractOutputValues()).hasSize(1);
    }

    @Test
    void keepsOnlyTheBeginningOfALargeDeadLetter() throws Exception {
        read(0, new byte[1 << 20]);

        assertThat(onlyDeadLetter().getValue().remaining()).isEqualTo(1 << 16);
    }

    @Test
    void endsHeartbeatsHere() throws Exception {
        read(0, new PacketEncoder().encodeHeartbeat(T0 / 1000, 0));

        assertThat(harness.getOutput()).isEmpty();
        assertCounted(1, 0, 1, 0);
    }

    @Test
    void readsTheSamePacketsOneByOneAndTogether() throws Exception {
        List<CapturedPacket> packets = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            packets.add(udp(40000 + i % 7).at(seconds(i) - random.nextLong(seconds(4))).captured());
        }
        for (CapturedPacket packet : packets) {
            read(0, new PacketEncoder().encode(packet));
        }
        PacketGathering batch = new PacketGathering();
        for (CapturedPacket packet : packets) {
            batch.add(packet);
            boolean last = packet == packets.get(packets.size() - 1);
            if (last || batch.count() > random.nextInt(20)) {
                read(1, new PacketEncoder().encode(batch));
                batch.clear();
            }
        }

        List<FlowPacket> read =
                harness.extractOutputValues().stream().map(FlowPacket::copy).toList();
        assertThat(read).hasSize(600);
        assertThat(read.subList(0, 300)).anySatisfy(packet -> assertThat(packet.late).isTrue());
        assertThat(read.subList(300, 600))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(read.subList(0, 300));
        assertThat(count(CounterNames.PACKETS_DECODED)).isEqualTo(600);
        assertThat(count(CounterNames.RECORDS_READ) + count(CounterNames.PACKETS_JOINED))
                .isEqualTo(600);
    }

    @Test
    void letsNoPacketOutOfABatchThatCannotBeRead() throws Exception {
        PacketGathering batch = new PacketGathering();
        batch.add(udp(40000).captured());
        batch.add(udp(40001).captured());
        byte[] record = new PacketEncoder().encode(batch);
        read(0, Arrays.copyOf(record, record.length - 1), record);

        assertThat(onlyDeadLetter().getValue().remaining()).isEqualTo(record.length - 1);
        assertThat(harness.extractOutputValues()).hasSize(2);
        assertCounted(2, 2, 0, 1);
        assertThat(count(CounterNames.PACKETS_JOINED)).isEqualTo(1);
    }

    @Test
    void marksWhatIsLateWithinItsOwnPartition() throws Exception {
        read(0, udp(40000).at(seconds(10)).record());
        read(0, udp(40000).at(seconds(9)).record(), udp(40000).at(seconds(9) - 1).record());
        read(1, udp(40000).at(0).record());

        assertThat(harness.extractOutputValues())
                .extracting(packet -> packet.late)
                .containsExactly(false, false, true, false);
    }

    @Test
    void isNotMovedByOnePacketFromTheFuture() throws Exception {
        read(0, VALID, udp(40001).at(minutes(10_000)).record(), udp(40000).at(5).record());

        assertThat(harness.extractOutputValues())
                .extracting(packet -> packet.late)
                .containsExactly(false, false, false);
        assertThat(count(CounterNames.CLOCK_JUMPS)).isEqualTo(1);
    }

    @Test
    void doesNotStartWithOnePacketFromTheFuture() throws Exception {
        read(0, udp(40001).at(minutes(10_000)).record(), VALID, udp(40000).at(5).record());

        assertThat(harness.extractOutputValues())
                .extracting(packet -> packet.late)
                .containsExactly(false, false, false);
    }

    @Test
    void isNotMovedByManyPacketsFromTheFutureInOneRecord() throws Exception {
        long later = minutes(60);
        read(0, VALID, VALID, VALID, together(later, later + 1, later + 2, later + 3));
        read(0, udp(40000).at(5).record());

        assertThat(late()).containsOnly(false);
        assertThat(count(CounterNames.CLOCK_JUMPS)).isEqualTo(4);
    }

    @Test
    void isMovedByOneRecordNoFurtherThanByOnePacket() throws Exception {
        long step = seconds(50);
        read(0, VALID, VALID, VALID, together(0, step, 2 * step, 3 * step, 4 * step));
        read(0, udp(40000).at(step).record());

        assertThat(late()).containsOnly(false);
    }

    @Test
    void doesNotStartWithManyPacketsFromTheFutureInOneRecord() throws Exception {
        long later = minutes(60);
        read(0, together(later, later, later), VALID, udp(40000).at(5).record());

        assertThat(late()).containsOnly(false);
    }

    @Test
    void isMovedByAJumpThatThreeRecordsAgreeOn() throws Exception {
        long later = minutes(60);
        read(0, VALID, together(later, later + 1), together(later + 3, later + 2));
        read(0, udp(40000).at(5).record());
        read(0, together(later, later + 1), together(later + 3, later + 2), together(later + 9));
        read(0, udp(40000).at(later - seconds(2)).record());

        assertThat(late().subList(0, 11)).containsOnly(false);
        assertThat(late()).last().isEqualTo(true);
        assertThat(count(CounterNames.CLOCK_JUMPS)).isEqualTo(8);
    }

    @Test
    void isNotMovedByRecordsThatItCannotRead() throws Exception {
        byte[] cut = udp(40001).at(minutes(10_000)).record();
        byte[] poison = Arrays.copyOf(cut, cut.length - 1);
        read(0, VALID, poison, poison, poison, poison, udp(40000).at(5).record());

        assertThat(harness.extractOutputValues())
                .extracting(packet -> packet.late)
                .containsExactly(false, false);
    }

    @Test
    void letsEveryRecordOutByOneDoor() throws Exception {
        Random random = new Random(8);
        int records = 20_000;
        for (int i = 0; i < records; i++) {
            byte[] record = VALID.clone();
            int damage = random.nextInt(4);
            for (int d = 0; d < damage; d++) {
                record[random.nextInt(record.length)] = (byte) random.nextInt();
            }
            read(0, Arrays.copyOf(record, record.length - random.nextInt(2)));
        }

        long letters = count(CounterNames.DEAD_LETTERS);
        long packets = count(CounterNames.PACKETS_DECODED);
        assertThat(count(CounterNames.RECORDS_READ)).isEqualTo(records);
        assertThat(letters + packets).isEqualTo(records);
        assertThat(harness.extractOutputValues()).hasSize((int) packets);
        assertThat(harness.getSideOutput(PacketDecoding.DEAD_LETTERS)).hasSize((int) letters);
    }

    private void read(int partition, byte[]... values) throws Exception {
        for (byte[] value : values) {
            harness.processElement(new RawRecord("packets", partition, offset++, 77, value), 77);
        }
    }

    private static byte[] together(long... times) {
        PacketGathering batch = new PacketGathering();
        for (long time : times) {
            batch.add(udp(40000).at(time).captured());
        }
        return new PacketEncoder().encode(batch);
    }

    private List<Boolean> late() {
        return harness.extractOutputValues().stream().map(packet -> packet.late).toList();
    }

    private DeadLetter onlyDeadLetter() {
        var letters = List.copyOf(harness.getSideOutput(PacketDecoding.DEAD_LETTERS));
        assertThat(letters).hasSize(1);
        return letters.get(0).getValue();
    }

    private void assertCounted(long read, long decoded, long heartbeats, long deadLetters) {
        assertThat(count(CounterNames.RECORDS_READ)).isEqualTo(read);
        assertThat(count(CounterNames.PACKETS_DECODED)).isEqualTo(decoded);
        assertThat(count(CounterNames.HEARTBEATS)).isEqualTo(heartbeats);
        assertThat(count(CounterNames.DEAD_LETTERS)).isEqualTo(deadLetters);
    }

    private long count(String counter) {
        return (Long)
                harness.getOperator().getRuntimeContext().getAccumulator(counter).getLocalValue();
    }
}
