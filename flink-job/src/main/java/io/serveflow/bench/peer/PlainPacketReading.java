package io.serveflow.bench.peer;

import io.serveflow.avro.Packet;
import io.serveflow.schema.TrustedRecords;
import io.serveflow.schema.WireFormat;

import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;

import org.apache.avro.AvroRuntimeException;

import java.io.IOException;

/** Packets by Avro's own decoder; heartbeats, which have another schema, are left out. */
final class PlainPacketReading extends AbstractDeserializationSchema<PlainPacket> {

    private static final long serialVersionUID = 1L;
    private static final int FINGERPRINT = 2;

    private transient byte[] packetHeader;

    PlainPacketReading() {
        super(PlainPacket.class);
    }

    @Override
    public void open(InitializationContext context) {
        TrustedRecords.register();
        packetHeader = WireFormat.singleObjectHeader(Packet.getClassSchema());
    }

    @Override
    public PlainPacket deserialize(byte[] message) throws IOException {
        if (message[FINGERPRINT] != packetHeader[FINGERPRINT]) {
            return null;
        }
        try {
            return PlainPacket.of(Packet.getDecoder().decode(message));
        } catch (AvroRuntimeException e) {
            throw new IOException(e);
        }
    }
}
