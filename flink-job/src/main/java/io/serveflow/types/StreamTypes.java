package io.serveflow.types;

import io.serveflow.avro.DeadLetter;
import io.serveflow.avro.Verdict;
import io.serveflow.decode.RawRecord;
import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowImage;
import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.schema.FlowKey;

/** Every type that streams between operators or sits in state. */
public final class StreamTypes {

    public static final StreamType<RawRecord> RAW_RECORD =
            new StreamType<>(RawRecord.class, new RawRecordSerializer(), false);
    public static final StreamType<FlowKey> FLOW_KEY =
            new StreamType<>(FlowKey.class, new FlowKeySerializer(), true);
    public static final StreamType<FlowPacket> FLOW_PACKET =
            new StreamType<>(FlowPacket.class, new FlowPacketSerializer(), false);
    public static final StreamType<Flow> FLOW =
            new StreamType<>(Flow.class, new FlowSerializer(), false);
    public static final StreamType<FlowImage> FLOW_IMAGE =
            new StreamType<>(FlowImage.class, new FlowImageSerializer(), false);
    public static final StreamType<UncertainFlow> UNCERTAIN_FLOW =
            new StreamType<>(UncertainFlow.class, new UncertainFlowSerializer(), false);
    public static final StreamType<Verdict> VERDICT =
            new StreamType<>(Verdict.class, new AvroSerializer.OfVerdict(), false);
    public static final StreamType<DeadLetter> DEAD_LETTER =
            new StreamType<>(DeadLetter.class, new AvroSerializer.OfDeadLetter(), false);

    private StreamTypes() {}
}
