package io.serveflow.types;

import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowImage;
import io.serveflow.flow.FlowTable;
import io.serveflow.schema.FlowKey;
import io.serveflow.testing.Packets;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static io.serveflow.types.RoundTripTest.IPV4;
import static io.serveflow.types.RoundTripTest.IPV6;
import static io.serveflow.types.RoundTripTest.PACKETS_BY_BYTES;
import static io.serveflow.types.RoundTripTest.bytes;
import static io.serveflow.types.RoundTripTest.read;
import static io.serveflow.types.RoundTripTest.roundTrip;
import static io.serveflow.types.RoundTripTest.waitingFlow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FlowImageSerializerTest {

    @Test
    void carriesATableOfFlows() throws IOException {
        Flow cut = waitingFlow();
        cut.cut(Packets.tcpBack(40000).at(Packets.minutes(40)).packet());
        Flow answered = waitingFlow();
        answered.waiting = null;
        FlowTable table = new FlowTable(new FlowTable.Secret());
        table.put(IPV4, waitingFlow());
        table.put(IPV6, cut);
        table.put(Packets.udp(1).packet().key, answered);
        FlowImage image = new FlowImage();
        table.copyTo(image);

        FlowImage copy = StreamTypes.FLOW_IMAGE.serializer().copy(image);
        FlowImage read = roundTrip(StreamTypes.FLOW_IMAGE, image);

        for (FlowImage each : List.of(copy, read)) {
            Map<FlowKey, Flow> flows = new HashMap<>();
            each.forEach(flows::put);
            assertThat(flows)
                    .usingRecursiveComparison(PACKETS_BY_BYTES)
                    .isEqualTo(
                            Map.of(
                                    IPV4,
                                    waitingFlow(),
                                    IPV6,
                                    cut,
                                    Packets.udp(1).packet().key,
                                    answered));
        }
        assertThat(image.free()).isFalse();
    }

    /** Flink serializes state to know its size, too: that must not take anything out of it. */
    @Test
    void takesOnlyFromAnImageThatASnapshotHas() throws IOException {
        FlowTable table = new FlowTable(new FlowTable.Secret());
        table.put(IPV4, waitingFlow());
        FlowImage image = new FlowImage();
        table.copyTo(image);

        roundTrip(StreamTypes.FLOW_IMAGE, image);
        FlowImage again = roundTrip(StreamTypes.FLOW_IMAGE, image);

        assertThat(image.waiting()).hasSize(1);
        assertThat(again.waiting()).hasSize(1);
        image.handOver();
        roundTrip(StreamTypes.FLOW_IMAGE, image);
        assertThat(image.free()).isTrue();
        assertThat(image.waiting()).isEmpty();
    }

    /** More words than are written at once. */
    @Test
    void carriesATableOfManyFlowsInFewBytes() throws IOException {
        Flow answered = waitingFlow();
        answered.waiting = null;
        FlowTable table = new FlowTable(new FlowTable.Secret());
        for (int i = 0; i < 1000; i++) {
            table.put(FlowKey.ipv4(1, i, 53, 17, 0), answered);
            table.put(FlowKey.ipv6(1, 2, 3, i, 53, 0x80000011, 0), answered);
        }
        FlowImage image = new FlowImage();
        table.copyTo(image);

        assertThat(bytes(StreamTypes.FLOW_IMAGE, image)).hasSize(1000 * (56 + 80) + 17);
        FlowImage read = roundTrip(StreamTypes.FLOW_IMAGE, image);

        FlowTable again = new FlowTable(new FlowTable.Secret());
        read.forEach(again::put);
        assertThat(again.size()).isEqualTo(2000);
        assertThat(again.get(FlowKey.ipv6(1, 2, 3, 999, 53, 0x80000011, 0), new Flow()))
                .usingRecursiveComparison()
                .isEqualTo(answered);
    }

    @Test
    void refusesATableOfAnotherFormatWithTheRemedy() throws IOException {
        byte[] saved = bytes(StreamTypes.FLOW_IMAGE, new FlowImage());
        saved[0] = 9;

        assertThatThrownBy(() -> read(StreamTypes.FLOW_IMAGE, saved))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 9");
    }
}
