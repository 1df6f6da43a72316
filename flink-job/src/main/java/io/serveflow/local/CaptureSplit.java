package io.serveflow.local;

import org.apache.flink.api.connector.source.lib.util.IteratorSourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** All the files of a run: one split, read by one reader, because the order of packets matters. */
record CaptureSplit(List<List<Path>> wires)
        implements IteratorSourceSplit<FrameRecord, CaptureFrames> {

    @Override
    public String splitId() {
        return "captures";
    }

    @Override
    public CaptureFrames getIterator() {
        return new CaptureFrames(wires);
    }

    @Override
    public CaptureSplit getUpdatedSplitForIterator(CaptureFrames iterator) {
        return this; // runs over files take no checkpoints
    }

    /** Splits travel from enumerator to reader as bytes. */
    static final class Serializer implements SimpleVersionedSerializer<CaptureSplit> {

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(CaptureSplit split) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(split.wires().size());
            for (List<Path> files : split.wires()) {
                out.writeInt(files.size());
                for (Path file : files) {
                    out.writeUTF(file.toString());
                }
            }
            return bytes.toByteArray();
        }

        @Override
        public CaptureSplit deserialize(int version, byte[] serialized) throws IOException {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
            int count = in.readInt();
            List<List<Path>> wires = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int size = in.readInt();
                List<Path> files = new ArrayList<>(size);
                for (int j = 0; j < size; j++) {
                    files.add(Path.of(in.readUTF()));
                }
                wires.add(files);
            }
            return new CaptureSplit(wires);
        }
    }
}
