package io.serveflow.publish;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.SchemaRegistry;
import io.serveflow.schema.WireFormat;

import java.io.IOException;

/** Chooses how records name their schema. */
public final class Encoders {

    private Encoders() {}

    /**
     * An encoder for the records of {@code topic}. For the Confluent format both schemas are
     * registered: that of packets under the usual subject {@code <topic>-value}, that of heartbeats
     * under {@code <topic>-io.serveflow.avro.Heartbeat}, as the record name strategy for topics
     * with several kinds of record does.
     */
    public static PacketEncoder of(WireFormat format, SchemaRegistry registry, String topic)
            throws PublishException {
        if (format == WireFormat.SINGLE_OBJECT) {
            return new PacketEncoder();
        }
        try {
            String heartbeats = Heartbeat.getClassSchema().getFullName();
            return new PacketEncoder(
                    registry.register(topic + "-value", Packet.getClassSchema()),
                    registry.register(topic + "-" + heartbeats, Heartbeat.getClassSchema()));
        } catch (IOException e) {
            throw new PublishException(e.getMessage() + ": check --schema-registry", e);
        }
    }
}
