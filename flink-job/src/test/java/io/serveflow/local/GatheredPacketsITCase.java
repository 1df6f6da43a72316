package io.serveflow.local;

import io.serveflow.publish.PacketPublisher;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.PacketDecoder;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.WriterSchemas;
import io.serveflow.testing.Await;
import io.serveflow.testing.Packets;
import io.serveflow.testing.TestKafka;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What a producer puts on the topic when packets share records. */
class GatheredPacketsITCase {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    void sendsPacketsThatNobodyFollowsAndHeartbeatsAfterThem() throws Exception {
        try (TestKafka kafka = TestKafka.start().run("gathered");
                PacketPublisher publisher =
                        new PacketPublisher(
                                kafka.connection().producer(),
                                kafka.packets(),
                                1,
                                new PacketEncoder(),
                                4)) {
            for (int i = 0; i < 9; i++) {
                publisher.packet(Packets.udp(40000 + i).at(Packets.seconds(i)).captured());
            }
            // No flush: two records are full, the third is sent because time passes.
            List<ConsumerRecord<byte[], byte[]>> records = read(kafka, 3);
            publisher.heartbeat(Packets.T0 + Packets.seconds(10));

            List<Integer> ports = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                List<CapturedPacket> packets = batch(record.value());
                packets.forEach(packet -> ports.add(packet.sourcePort));
                assertThat(record.key()).isNull();
                assertThat(packets.size()).isBetween(1, 4);
                assertThat(record.timestamp())
                        .isEqualTo(packets.get(0).captureTimeNanos / 1_000_000);
            }
            assertThat(ports)
                    .containsExactly(40000, 40001, 40002, 40003, 40004, 40005, 40006, 40007, 40008);
            publisher.flush();
            assertThat(publisher.counts().packetsPublished()).isEqualTo(9);
            assertThat(publisher.counts().heartbeatsPublished()).isEqualTo(1);
        }
    }

    private static List<CapturedPacket> batch(byte[] record) throws Exception {
        PacketDecoder decoder = new PacketDecoder(new WriterSchemas());
        assertThat(decoder.decode(record, new CapturedPacket()))
                .isEqualTo(PacketDecoder.Kind.BATCH);
        return decoder.batch();
    }

    /** Reads at least so many records with nine packets in them. */
    private static List<ConsumerRecord<byte[], byte[]>> read(TestKafka kafka, int least)
            throws Exception {
        Map<String, Object> config =
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.servers());
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition first = new TopicPartition(kafka.packets(), 0);
            consumer.assign(List.of(first));
            consumer.seekToBeginning(List.of(first));
            Await.until(
                    "nine packets",
                    PATIENCE,
                    () -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                        int packets = 0;
                        for (ConsumerRecord<byte[], byte[]> record : records) {
                            packets += batch(record.value()).size();
                        }
                        return packets == 9;
                    });
        }
        assertThat(records).hasSizeGreaterThanOrEqualTo(least);
        return records;
    }
}
