package io.serveflow.types;

import io.serveflow.flow.UncertainFlow;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/** An uncertain flow: key, times, packets and the fast answer. */
public final class UncertainFlowSerializer extends MessageSerializer<UncertainFlow> {

    private static final long serialVersionUID = 1L;
    private static final int FORMAT = 1;
    private static final UncertainFlow.Cause[] CAUSES = UncertainFlow.Cause.values();

    private final FlowKeySerializer keys = new FlowKeySerializer();

    @Override
    public void serialize(UncertainFlow flow, DataOutputView target) throws IOException {
        target.writeByte(FORMAT);
        keys.serialize(flow.key, target);
        target.writeBoolean(flow.originatorLow);
        target.writeLong(flow.startNanos);
        target.writeInt(flow.segment);
        target.writeByte(flow.cause.ordinal());
        WaitingFormat.write(flow.waiting, target);
    }

    @Override
    public UncertainFlow deserialize(DataInputView source) throws IOException {
        StateFormat.check("uncertain flow", source.readByte(), FORMAT);
        UncertainFlow flow = new UncertainFlow();
        flow.key = keys.deserialize(source);
        flow.originatorLow = source.readBoolean();
        flow.startNanos = source.readLong();
        flow.segment = source.readInt();
        flow.cause = CAUSES[source.readByte()];
        flow.waiting = WaitingFormat.read(source);
        return flow;
    }

    @Override
    public TypeSerializerSnapshot<UncertainFlow> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Format of an uncertain flow in flight and in the slow stage's state. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<UncertainFlow> {
        public Snapshot() {
            super(UncertainFlowSerializer::new);
        }
    }
}
