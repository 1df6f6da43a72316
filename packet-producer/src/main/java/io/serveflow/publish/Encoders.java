package io.serveflow.publish;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.PacketBatch;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.SchemaRegistry;
import io.serveflow.schema.WireFormat;

import org.apache.avro.Schema;

import java.io.IOException;

/** Chooses how records name their schema. */
public final class Encoders {

    private Encoders() {}

    /**
     * An encoder for the records of {@code topic}. For the Confluent format all schemas are
     * registered: that of packets under the usual subject {@code <topic>-value}, the others under
     * {@code <topic>-io.serveflow.avro.Heartbeat} and so on, as the record name strategy for topics
     * with several kinds of record does.
     */
    public static PacketEncoder of(WireFormat format, SchemaRegistry registry, String topic)
            throws PublishException {
        if (format == WireFormat.SINGLE_OBJECT) {
            return new PacketEncoder();
        }
        try {
            return new PacketEncoder(
                    registry.register(topic + "-value", Packet.getClassSchema()),
                    registerByName(registry, topic, Heartbeat.getClassSchema()),
                    registerByName(registry, topic, PacketBatch.getClassSchema()));
        } catch (IOException e) {
            throw new PublishException(e.getMessage() + ": check --schema-registry", e);
        }
    }

    private static int registerByName(SchemaRegistry registry, String topic, Schema schema)
            throws IOException {
        return registry.register(topic + "-" + schema.getFullName(), schema);
    }
}
