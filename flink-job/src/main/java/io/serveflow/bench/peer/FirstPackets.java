package io.serveflow.bench.peer;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/** Lets the first packet of each key through: the least state that asks about each flow once. */
final class FirstPackets extends RichFilterFunction<PlainPacket> {

    private static final long serialVersionUID = 1L;

    private transient ValueState<Boolean> seen;

    @Override
    public void open(OpenContext context) {
        seen = getRuntimeContext().getState(new ValueStateDescriptor<>("seen", Boolean.class));
    }

    @Override
    public boolean filter(PlainPacket packet) throws Exception {
        if (seen.value() != null) {
            return false;
        }
        seen.update(true);
        return true;
    }
}
