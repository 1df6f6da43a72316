package io.serveflow.job;

import io.serveflow.avro.DeadLetter;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;

import org.apache.kafka.clients.producer.ProducerRecord;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A dead letter as Kafka record, in single-object encoding; the key says where it came from. */
final class DeadLetterWriting implements KafkaRecordSerializationSchema<DeadLetter> {

    private static final long serialVersionUID = 1L;

    private final String topic;

    DeadLetterWriting(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DeadLetter letter, KafkaSinkContext context, Long timestamp) {
        String origin = letter.getTopic() + "-" + letter.getPartition() + "@" + letter.getOffset();
        try {
            ByteBuffer encoded = DeadLetter.getEncoder().encode(letter);
            byte[] value = new byte[encoded.remaining()];
            encoded.get(value);
            return new ProducerRecord<>(topic, origin.getBytes(StandardCharsets.UTF_8), value);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
    }
}
