package io.serveflow.bench.peer;

import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;
import io.serveflow.schema.TrustedRecords;
import io.serveflow.schema.WireFormat;

import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.util.Collector;

import org.apache.avro.AvroRuntimeException;

import java.io.IOException;

/** Packets by Avro's own decoders; heartbeats, which have another schema, are left out. */
final class PlainPacketReading extends AbstractDeserializationSchema<PlainPacket> {

    private static final long serialVersionUID = 1L;

    /** The first byte of the fingerprint tells our three schemas apart. */
    private static final int FINGERPRINT = 2;

    private transient byte ofPackets;
    private transient byte ofBatches;

    PlainPacketReading() {
        super(PlainPacket.class);
    }

    @Override
    public void open(InitializationContext context) {
        TrustedRecords.register();
        ofPackets = WireFormat.singleObjectHeader(Packet.getClassSchema())[FINGERPRINT];
        ofBatches = WireFormat.singleObjectHeader(PacketBatch.getClassSchema())[FINGERPRINT];
    }

    @Override
    public void deserialize(byte[] message, Collector<PlainPacket> out) throws IOException {
        try {
            if (message[FINGERPRINT] == ofPackets) {
                out.collect(PlainPacket.of(Packet.getDecoder().decode(message)));
            } else if (message[FINGERPRINT] == ofBatches) {
                for (Packet packet : PacketBatch.getDecoder().decode(message).getPackets()) {
                    out.collect(PlainPacket.of(packet));
                }
            }
        } catch (AvroRuntimeException e) {
            throw new IOException(e);
        }
    }

    @Override
    public PlainPacket deserialize(byte[] message) {
        throw new UnsupportedOperationException("a message may hold several packets");
    }
}
