package io.serveflow.types;

import io.serveflow.avro.DeadLetter;
import io.serveflow.decode.RawRecord;
import io.serveflow.flow.Answer;
import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.PacketList;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.flow.Waiting;
import io.serveflow.schema.FlowKey;
import io.serveflow.testing.Packets;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;

import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Everything that crosses the network or sits in state is the same on the other side. */
class RoundTripTest {

    static final List<StreamType<?>> ALL =
            List.of(
                    StreamTypes.RAW_RECORD,
                    StreamTypes.FLOW_KEY,
                    StreamTypes.FLOW_PACKET,
                    StreamTypes.FLOW,
                    StreamTypes.FLOW_IMAGE,
                    StreamTypes.UNCERTAIN_FLOW,
                    StreamTypes.VERDICT,
                    StreamTypes.DEAD_LETTER);

    static final FlowKey IPV4 = Packets.udp(40000).packet().key;
    static final FlowKey IPV6 =
            FlowKey.ipv6(-1, 2, 3, -4, 0xFFFF0035, 0x80000000 | 4094 << 8 | 17, 9);

    /** A restored list has no room to grow yet; what it holds is what counts. */
    static final RecursiveComparisonConfiguration PACKETS_BY_BYTES =
            RecursiveComparisonConfiguration.builder()
                    .withEqualsForType(RoundTripTest::equalBytes, PacketList.class)
                    .build();

    @Test
    void carriesKeysOfBothIpVersions() throws IOException {
        assertThat(roundTrip(StreamTypes.FLOW_KEY, IPV4)).isEqualTo(IPV4);
        assertThat(roundTrip(StreamTypes.FLOW_KEY, IPV6)).isEqualTo(IPV6);
        assertThat(roundTrip(StreamTypes.FLOW_KEY, IPV6)).hasSameHashCodeAs(IPV6);
        assertThat(bytes(StreamTypes.FLOW_KEY, IPV4)).hasSize(20);
        assertThat(bytes(StreamTypes.FLOW_KEY, IPV6)).hasSize(44);
    }

    @Test
    void carriesRawRecordsAndTombstones() throws IOException {
        RawRecord record = new RawRecord("packets", 3, 1L << 40, -1, new byte[] {1, 2, 3});
        RawRecord tombstone = new RawRecord("packets", 3, 5, 7, null);

        assertThat(roundTrip(StreamTypes.RAW_RECORD, record))
                .usingRecursiveComparison()
                .isEqualTo(record);
        assertThat(roundTrip(StreamTypes.RAW_RECORD, tombstone)).isEqualTo(tombstone);
    }

    @Test
    void carriesPackets() throws IOException {
        FlowPacket packet = Packets.tcpBack(40000).payload(1400).at(7).latePacket();
        packet.publishMicros = 42;

        assertThat(roundTrip(StreamTypes.FLOW_PACKET, packet).copy())
                .usingRecursiveComparison()
                .isEqualTo(packet);
    }

    @Test
    void carriesAWaitingFlow() throws IOException {
        Flow flow = waitingFlow();

        assertThat(roundTrip(StreamTypes.FLOW, flow))
                .usingRecursiveComparison(PACKETS_BY_BYTES)
                .isEqualTo(flow);
    }

    @Test
    void keepsAnAnsweredFlowSmall() throws IOException {
        Flow flow = waitingFlow();
        flow.waiting = null;

        assertThat(roundTrip(StreamTypes.FLOW, flow))
                .usingRecursiveComparison(PACKETS_BY_BYTES)
                .isEqualTo(flow);
        assertThat(bytes(StreamTypes.FLOW, flow)).hasSize(43);
    }

    @Test
    void carriesAFlowThatWasCut() throws IOException {
        Flow flow = waitingFlow();
        flow.cut(Packets.tcpBack(40000).at(Packets.minutes(40)).packet());
        flow.cut(Packets.tcpBack(40000).at(Packets.minutes(80)).packet());

        Flow read = roundTrip(StreamTypes.FLOW, flow);

        assertThat(read).usingRecursiveComparison(PACKETS_BY_BYTES).isEqualTo(flow);
        assertThat(read.segment()).isEqualTo(2);
        assertThat(read.startNanos()).isEqualTo(Packets.T0);
    }

    @Test
    void copiesAFlowSoThatChangingOneLeavesTheOther() {
        Flow flow = waitingFlow();
        Flow copy = StreamTypes.FLOW.serializer().copy(flow);
        assertThat(copy).usingRecursiveComparison().isEqualTo(flow);

        copy.observe(Packets.tcpBack(40000).at(9).packet());
        addPacket(copy.waiting, Packets.tcpBack(40000).at(9).packet());
        copy.waiting.beyond++;

        assertThat(flow).usingRecursiveComparison().isEqualTo(waitingFlow());
    }

    @Test
    void refusesFlowStateOfAnotherFormatWithTheRemedy() throws IOException {
        byte[] saved = bytes(StreamTypes.FLOW, waitingFlow());
        saved[0] = 2;

        assertThatThrownBy(() -> read(StreamTypes.FLOW, saved))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 2")
                .hasMessageContaining("restore with the release that wrote it");
    }

    @ParameterizedTest
    @EnumSource(UncertainFlow.Cause.class)
    void carriesAnUncertainFlow(UncertainFlow.Cause cause) throws IOException {
        UncertainFlow flow = new UncertainFlow();
        flow.key = IPV4;
        flow.originatorLow = true;
        flow.startNanos = Packets.T0;
        flow.segment = 3;
        flow.cause = cause;
        flow.waiting = waitingFlow().waiting;

        assertThat(roundTrip(StreamTypes.UNCERTAIN_FLOW, flow))
                .usingRecursiveComparison(PACKETS_BY_BYTES)
                .isEqualTo(flow);
    }

    @Test
    void refusesAnUncertainFlowOfAnotherFormat() throws IOException {
        UncertainFlow flow = new UncertainFlow();
        flow.key = IPV4;
        flow.cause = UncertainFlow.Cause.DEADLINE;
        flow.waiting = waitingFlow().waiting;
        byte[] saved = bytes(StreamTypes.UNCERTAIN_FLOW, flow);
        saved[0] = 2;

        assertThatThrownBy(() -> read(StreamTypes.UNCERTAIN_FLOW, saved))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("uncertain flow of format 2");
    }

    @Test
    void carriesDeadLetters() throws IOException {
        DeadLetter letter =
                new DeadLetter(
                        "empty",
                        "packets",
                        2,
                        3L,
                        Instant.ofEpochMilli(4),
                        ByteBuffer.wrap(new byte[] {5}));

        assertThat(roundTrip(StreamTypes.DEAD_LETTER, letter)).isEqualTo(letter);
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void restoresItsSerializerFromASavepoint(StreamType<?> type) throws IOException {
        TypeSerializer<?> serializer = type.serializer();
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());

        TypeSerializerSnapshot<?> read =
                TypeSerializerSnapshot.readVersionedSnapshot(
                        new DataInputDeserializer(out.getCopyOfBuffer()),
                        getClass().getClassLoader());

        assertThat(read.restoreSerializer()).isEqualTo(serializer);
    }

    /** Or its class would be initialised wherever a job graph is read. */
    @ParameterizedTest
    @FieldSource("ALL")
    void travelsInAJobGraphWithoutTheClassOfAnAvroRecord(StreamType<?> type) throws Exception {
        List<String> classes = new ArrayList<>();
        byte[] graph = InstantiationUtil.serializeObject(type);
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(graph)) {
                    @Override
                    protected Class<?> resolveClass(ObjectStreamClass read)
                            throws IOException, ClassNotFoundException {
                        classes.add(read.getName());
                        return super.resolveClass(read);
                    }
                }) {
            StreamType<?> read = (StreamType<?>) in.readObject();

            assertThat(read).isEqualTo(type);
            assertThat(read.getTypeClass()).isEqualTo(type.getTypeClass());
        }
        assertThat(classes).noneMatch(name -> name.startsWith("io.serveflow.avro."));
    }

    private static boolean equalBytes(PacketList a, PacketList b) {
        return Arrays.equals(a.block(), 0, a.used(), b.block(), 0, b.used());
    }

    static Flow waitingFlow() {
        Flow flow = Flow.open(Packets.syn(40000));
        flow.timerMillis = 17;
        Waiting waiting = flow.waiting;
        addPacket(waiting, Packets.syn(40000));
        addPacket(waiting, Packets.tcpBack(40000).at(-5).packet());
        waiting.nextStage = 2;
        waiting.queued = true;
        waiting.beyond = 4;
        waiting.answer = new Answer(1, -1, 0.25f, new short[] {7, 0}, new float[] {0.75f, 0.125f});
        return flow;
    }

    private static void addPacket(Waiting waiting, FlowPacket packet) {
        byte[] headers = packet.headers;
        waiting.packets.add(
                packet.timeNanos,
                packet.length,
                packet.fromLow,
                packet.transportOffset,
                headers,
                0,
                headers.length);
    }

    static <T> T roundTrip(StreamType<T> type, T value) throws IOException {
        byte[] bytes = bytes(type, value);
        DataOutputSerializer copied = new DataOutputSerializer(64);
        type.serializer().copy(new DataInputDeserializer(bytes), copied);
        assertThat(copied.getCopyOfBuffer()).isEqualTo(bytes);
        return read(type, bytes);
    }

    static <T> byte[] bytes(StreamType<T> type, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        type.serializer().serialize(value, out);
        return out.getCopyOfBuffer();
    }

    static <T> T read(StreamType<T> type, byte[] bytes) throws IOException {
        // The longer array shows a serializer that reads on to the end.
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 8);
        DataInputDeserializer in = new DataInputDeserializer(longer);
        T value = type.serializer().deserialize(in);
        assertThat(in.available()).isEqualTo(8);
        return value;
    }
}
