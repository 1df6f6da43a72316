package io.serveflow.types;

import io.serveflow.flow.FlowImage;
import io.serveflow.flow.Waiting;

import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/**
 * The flows of a key group as bytes: 56 for an answered one of IPv4, 80 of IPv6, and for a waiting
 * one its packets and answer. Starts with a format number, as {@link FlowSerializer} does.
 */
public final class FlowImageSerializer extends HandWrittenSerializer<FlowImage> {

    private static final long serialVersionUID = 1L;
    private static final int FORMAT = 1;

    /** Tells the image that it is written: if a snapshot has it, it is no other's. */
    @Override
    public void serialize(FlowImage image, DataOutputView target) throws IOException {
        target.writeByte(FORMAT);
        image.write(target);
        target.writeInt(image.waiting().size());
        for (Waiting waiting : image.waiting()) {
            WaitingFormat.write(waiting, target);
        }
        image.setWritten();
    }

    @Override
    public FlowImage deserialize(DataInputView source) throws IOException {
        StateFormat.check("state of flows", source.readByte(), FORMAT);
        FlowImage image = FlowImage.read(source);
        for (int left = source.readInt(); left > 0; left--) {
            image.waiting().add(WaitingFormat.read(source));
        }
        return image;
    }

    @Override
    public FlowImage copy(FlowImage from) {
        return from.copy();
    }

    @Override
    public TypeSerializerSnapshot<FlowImage> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Format of the image; versions live in its first byte. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<FlowImage> {
        public Snapshot() {
            super(FlowImageSerializer::new);
        }
    }
}
