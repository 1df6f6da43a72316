package io.serveflow.job;

import io.serveflow.avro.Verdict;
import io.serveflow.job.JobOptions.VerdictFormat;
import io.serveflow.output.VerdictEncoder;
import io.serveflow.output.VerdictJson;
import io.serveflow.schema.SchemaRegistry;
import io.serveflow.schema.WireFormat;

import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * A verdict as Kafka record. The key is the Community ID, so that all verdicts on a five-tuple stay
 * in order; the timestamp is left to the wall clock, because a broker's retention goes by it and
 * the capture may be years old.
 */
final class VerdictWriting implements KafkaRecordSerializationSchema<Verdict> {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final VerdictFormat format;
    private final String registryUrl;

    private transient VerdictEncoder encoder;

    VerdictWriting(String topic, VerdictFormat format, String registryUrl) {
        if (format == VerdictFormat.CONFLUENT && registryUrl == null) {
            throw new OptionException(
                    "--kafka.verdict-format confluent needs --schema.registry-url");
        }
        this.topic = topic;
        this.format = format;
        this.registryUrl = registryUrl;
    }

    @Override
    public void open(
            SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext)
            throws IOException {
        byte[] header =
                format == VerdictFormat.CONFLUENT
                        ? WireFormat.confluentHeader(
                                new SchemaRegistry(registryUrl)
                                        .register(topic + "-value", Verdict.getClassSchema()))
                        : WireFormat.singleObjectHeader(Verdict.getClassSchema());
        encoder = new VerdictEncoder(header);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            Verdict verdict, KafkaSinkContext context, Long timestamp) {
        byte[] key = verdict.getCommunityId().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, key, value(verdict));
    }

    private byte[] value(Verdict verdict) {
        if (format == VerdictFormat.JSON) {
            return VerdictJson.timedLine(verdict).getBytes(StandardCharsets.UTF_8);
        }
        return encoder.encode(verdict);
    }
}
