package io.serveflow.types;

import io.serveflow.flow.Answer;
import io.serveflow.flow.PacketList;
import io.serveflow.flow.Waiting;

import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import java.io.IOException;

/** The packets and the answer of an uncertain flow as bytes, in state and on the way to slow. */
final class WaitingFormat {

    private WaitingFormat() {}

    static void write(Waiting waiting, DataOutputView target) throws IOException {
        target.writeLong(waiting.publishMicros);
        target.writeByte(waiting.nextStage);
        target.writeBoolean(waiting.inBatch);
        target.writeBoolean(waiting.queued);
        target.writeInt(waiting.beyond);
        PacketList packets = waiting.packets;
        target.writeInt(packets.used());
        target.write(packets.block(), 0, packets.used());
        writeAnswer(waiting.answer, target);
    }

    static Waiting read(DataInputView source) throws IOException {
        long publishMicros = source.readLong();
        int nextStage = source.readByte();
        boolean inBatch = source.readBoolean();
        boolean queued = source.readBoolean();
        int beyond = source.readInt();
        byte[] block = new byte[source.readInt()];
        source.readFully(block);
        Waiting waiting = new Waiting(new PacketList(block, block.length), publishMicros);
        waiting.nextStage = nextStage;
        waiting.inBatch = inBatch;
        waiting.queued = queued;
        waiting.beyond = beyond;
        waiting.answer = readAnswer(source);
        return waiting;
    }

    private static void writeAnswer(Answer answer, DataOutputView target) throws IOException {
        target.writeByte(answer == null ? -1 : answer.top().length);
        if (answer == null) {
            return;
        }
        target.writeByte(answer.stage());
        target.writeShort(answer.label());
        target.writeFloat(answer.uncertainty());
        for (int i = 0; i < answer.top().length; i++) {
            target.writeShort(answer.top()[i]);
            target.writeFloat(answer.probabilities()[i]);
        }
    }

    private static Answer readAnswer(DataInputView source) throws IOException {
        int classes = source.readByte();
        if (classes < 0) {
            return null;
        }
        int stage = source.readByte();
        int label = source.readShort();
        float uncertainty = source.readFloat();
        short[] top = new short[classes];
        float[] probabilities = new float[classes];
        for (int i = 0; i < classes; i++) {
            top[i] = source.readShort();
            probabilities[i] = source.readFloat();
        }
        return new Answer(stage, label, uncertainty, top, probabilities);
    }
}
