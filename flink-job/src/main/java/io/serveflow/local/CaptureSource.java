package io.serveflow.local;

import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceEnumerator;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceReader;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/** Capture files as a bounded Flink source, for runs without a broker. */
final class CaptureSource
        implements Source<FrameRecord, CaptureSplit, Collection<CaptureSplit>>, Serializable {

    private static final long serialVersionUID = 1L;

    private final List<List<String>> wires;

    CaptureSource(List<List<Path>> wires) {
        this.wires = wires.stream().map(w -> w.stream().map(Path::toString).toList()).toList();
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<FrameRecord, CaptureSplit> createReader(SourceReaderContext context) {
        return new IteratorSourceReader<>(context);
    }

    @Override
    public SplitEnumerator<CaptureSplit, Collection<CaptureSplit>> createEnumerator(
            SplitEnumeratorContext<CaptureSplit> context) {
        List<List<Path>> files =
                wires.stream().map(w -> w.stream().map(Path::of).toList()).toList();
        return new IteratorSourceEnumerator<>(context, List.of(new CaptureSplit(files)));
    }

    @Override
    public SplitEnumerator<CaptureSplit, Collection<CaptureSplit>> restoreEnumerator(
            SplitEnumeratorContext<CaptureSplit> context, Collection<CaptureSplit> checkpoint) {
        return new IteratorSourceEnumerator<>(context, checkpoint);
    }

    @Override
    public SimpleVersionedSerializer<CaptureSplit> getSplitSerializer() {
        return new CaptureSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<Collection<CaptureSplit>> getEnumeratorCheckpointSerializer() {
        return new SplitListSerializer();
    }

    /**
     * What the enumerator would save; runs over files take no checkpoints, Flink asks all the same.
     */
    private static final class SplitListSerializer
            implements SimpleVersionedSerializer<Collection<CaptureSplit>> {

        private final CaptureSplit.Serializer splits = new CaptureSplit.Serializer();

        @Override
        public int getVersion() {
            return splits.getVersion();
        }

        @Override
        public byte[] serialize(Collection<CaptureSplit> list) throws java.io.IOException {
            DataOutputSerializer out = new DataOutputSerializer(256);
            out.writeInt(list.size());
            for (CaptureSplit split : list) {
                byte[] bytes = splits.serialize(split);
                out.writeInt(bytes.length);
                out.write(bytes);
            }
            return out.getCopyOfBuffer();
        }

        @Override
        public Collection<CaptureSplit> deserialize(int version, byte[] serialized)
                throws java.io.IOException {
            DataInputDeserializer in = new DataInputDeserializer(serialized);
            int size = in.readInt();
            List<CaptureSplit> list = new java.util.ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                byte[] bytes = new byte[in.readInt()];
                in.readFully(bytes);
                list.add(splits.deserialize(version, bytes));
            }
            return list;
        }
    }
}
