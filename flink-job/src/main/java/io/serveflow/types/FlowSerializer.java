package io.serveflow.types;

import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowBits;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/**
 * Flow state as bytes: 43 for an answered flow, plus packets and answer for a waiting one. Starts
 * with a format number so that a later release can read what an earlier one saved.
 */
public final class FlowSerializer extends HandWrittenSerializer<Flow> {

    private static final long serialVersionUID = 1L;
    private static final int FORMAT = 1;

    @Override
    public void serialize(Flow flow, DataOutputView target) throws IOException {
        target.writeByte(FORMAT);
        FlowBits.write(flow, target);
        target.writeLong(flow.timerMillis);
        target.writeBoolean(flow.waiting != null);
        if (flow.waiting != null) {
            WaitingFormat.write(flow.waiting, target);
        }
    }

    @Override
    public Flow deserialize(DataInputView source) throws IOException {
        StateFormat.check("flow state", source.readByte(), FORMAT);
        Flow flow = FlowBits.read(source);
        flow.timerMillis = source.readLong();
        if (source.readBoolean()) {
            flow.waiting = WaitingFormat.read(source);
        }
        return flow;
    }

    @Override
    public Flow copy(Flow from) {
        return FlowBits.copy(from);
    }

    @Override
    public TypeSerializerSnapshot<Flow> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Format of the flow state; versions live in its first byte. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Flow> {
        public Snapshot() {
            super(FlowSerializer::new);
        }
    }
}
