package io.serveflow.local;

import io.serveflow.flow.FlowPacket;

import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

import java.io.IOException;

/** Lets the seen {@link Partial} of every flow through, and counts what it leaves out. */
final class SeenPackets extends RichFilterFunction<FlowPacket> {

    static final String LEFT_OUT = "packets.left-out";

    private static final long serialVersionUID = 1L;
    private static final int MOST_MISSED = 6;

    private final Partial part;
    private final LongCounter leftOut = new LongCounter();
    private transient ValueState<Integer> missed;
    private transient ValueState<Boolean> firstFromLow;

    SeenPackets(Partial part) {
        this.part = part;
    }

    @Override
    public void open(OpenContext context) {
        getRuntimeContext().addAccumulator(LEFT_OUT, leftOut);
        missed = getRuntimeContext().getState(new ValueStateDescriptor<>("missed", Types.INT));
        firstFromLow =
                getRuntimeContext()
                        .getState(new ValueStateDescriptor<>("first-from-low", Types.BOOLEAN));
    }

    @Override
    public boolean filter(FlowPacket packet) throws IOException {
        boolean seen =
                switch (part) {
                    case WHOLE -> true;
                    case PAYLOAD -> !packet.isTcp() || packet.tcpPayloadLength() > 0;
                    case MIDSTREAM -> isLater(packet);
                    case FORWARD -> isFromFirstSender(packet);
                };
        if (!seen) {
            leftOut.add(1);
        }
        return seen;
    }

    /** How many packets of a flow with this hash were over before anyone looked. */
    static int missed(long hash) {
        return 1 + Math.floorMod(hash, MOST_MISSED);
    }

    private boolean isLater(FlowPacket packet) throws IOException {
        int before = missed.value() == null ? 0 : missed.value();
        if (before == missed(packet.key.hash64())) {
            return true;
        }
        missed.update(before + 1);
        return false;
    }

    private boolean isFromFirstSender(FlowPacket packet) throws IOException {
        if (firstFromLow.value() == null) {
            firstFromLow.update(packet.fromLow);
        }
        return firstFromLow.value() == packet.fromLow;
    }
}
