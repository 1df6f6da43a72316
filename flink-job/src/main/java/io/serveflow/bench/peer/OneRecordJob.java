package io.serveflow.bench.peer;

import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Kafka to Kafka with a model in a map function, as the Crayfish study measured it and as most
 * examples on the web have it: Flink's defaults, Avro's own decoder, a POJO, one call of the model
 * per record.
 */
public final class OneRecordJob {

    private OneRecordJob() {}

    /**
     * Defines the job.
     *
     * @param keyed whether only the first packet of each flow is classified, known from keyed
     *     state; else every packet is, by a map function without state
     */
    public static void define(
            StreamExecutionEnvironment env,
            String servers,
            String packets,
            String verdicts,
            ServingPlan plan,
            boolean keyed) {
        KafkaSource<PlainPacket> source =
                KafkaSource.<PlainPacket>builder()
                        .setBootstrapServers(servers)
                        .setTopics(packets)
                        .setGroupId("peer-" + packets)
                        .setStartingOffsets(OffsetsInitializer.earliest())
                        .setValueOnlyDeserializer(new PlainPacketReading())
                        .build();
        DataStream<PlainPacket> stream =
                env.fromSource(source, WatermarkStrategy.noWatermarks(), "Source: plain packets");
        if (keyed) {
            stream = stream.keyBy(packet -> packet.flow).filter(new FirstPackets());
        }
        Stage stage = model(plan);
        stream.map(new OneRecordClassifier(plan.models().get(stage.file()), stage.featureSet()))
                .name("map-one-record")
                .sinkTo(sink(servers, verdicts))
                .name("verdicts");
    }

    /**
     * The model that answers on packet 1 whatever it is: the last of those that need no more.
     *
     * @throws NoFirstPacketModel if the plan has none
     */
    public static Stage model(ServingPlan plan) {
        return plan.stages().stream()
                .filter(stage -> stage.fast() && stage.packets() == 1)
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new NoFirstPacketModel(plan.name()));
    }

    private static KafkaSink<String> sink(String servers, String topic) {
        return KafkaSink.<String>builder()
                .setBootstrapServers(servers)
                .setRecordSerializer(
                        KafkaRecordSerializationSchema.<String>builder()
                                .setTopic(topic)
                                .setValueSerializationSchema(new SimpleStringSchema())
                                .build())
                .build();
    }
}
