package io.serveflow.job;

import io.serveflow.avro.DeadLetter;
import io.serveflow.avro.Verdict;
import io.serveflow.classify.FastStage;
import io.serveflow.classify.SlowJudge;
import io.serveflow.classify.SlowStage;
import io.serveflow.decode.PacketDecoding;
import io.serveflow.decode.RawRecord;
import io.serveflow.flow.FlowPacket;
import io.serveflow.types.StreamTypes;

import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.function.SerializableFunction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Packets in, verdicts out:
 *
 * <pre>
 * records -> decode -> keyBy(flow) -> fast stage -> verdicts
 *              |                          |
 *         dead letters               uncertain -> slow stage -> verdicts
 * </pre>
 */
public final class ClassificationJob {

    private static final Logger LOG = LoggerFactory.getLogger(ClassificationJob.class);

    /** Names the fast stage in the job graph, in savepoints and for its sink. */
    static final String FAST = "fast";

    private static final String SLOW = "slow";

    private static final String SLOW_SLOTS = "slow";

    /** Flows for the slow stage waited for packets; they may wait for company, too. */
    private static final long UNCERTAIN_BUFFER_MILLIS = 5;

    private ClassificationJob() {}

    /** Entry point of {@code flink run}: Kafka in, Kafka out, options as {@code --key value}. */
    public static void main(String[] args) throws Exception {
        if (JobHelp.wanted(args)) {
            System.out.print(JobHelp.text());
            return;
        }
        JobSettings settings = JobSettings.fromArgs(args);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        define(env, settings);
        new Topics(settings, LOG::warn).check(env.getParallelism());
        env.execute("serveflow " + settings.plan().name());
    }

    /** The job between two Kafka clusters' topics. */
    public static void define(StreamExecutionEnvironment env, JobSettings settings) {
        define(env, settings, models -> models);
    }

    /** The same; {@code around} goes between the slow stage and its models. */
    public static void define(
            StreamExecutionEnvironment env,
            JobSettings settings,
            SerializableFunction<SlowJudge, SlowJudge> around) {
        Environments.configure(env, settings);
        KafkaConnectors kafka = new KafkaConnectors(settings);
        DataStream<RawRecord> records =
                env.fromSource(
                                kafka.packets(),
                                settings.watermarks(false)
                                        .withIdleness(settings.get(JobOptions.IDLENESS)),
                                "packets")
                        .uid("packets");
        define(records, settings, false, around, kafka::writeVerdicts, kafka::writeDeadLetters);
    }

    /**
     * The stages between a stream of records and whatever takes the results.
     *
     * @param partitionIsDomain whether every partition is a wire of its own
     * @param verdictSink takes the verdicts of each stage, with the stage's name: a sink of its own
     *     chains to its stage, a union of the two would cost a hop
     */
    public static void define(
            DataStream<RawRecord> records,
            JobSettings settings,
            boolean partitionIsDomain,
            BiConsumer<DataStream<Verdict>, String> verdictSink,
            Consumer<DataStream<DeadLetter>> deadLetterSink) {
        define(records, settings, partitionIsDomain, models -> models, verdictSink, deadLetterSink);
    }

    private static void define(
            DataStream<RawRecord> records,
            JobSettings settings,
            boolean partitionIsDomain,
            SerializableFunction<SlowJudge, SlowJudge> around,
            BiConsumer<DataStream<Verdict>, String> verdictSink,
            Consumer<DataStream<DeadLetter>> deadLetterSink) {

        SingleOutputStreamOperator<FlowPacket> packets =
                decode(records, settings, partitionIsDomain);
        SingleOutputStreamOperator<Verdict> fast = fast(packets, settings);

        // The cores of the fast stage's subtasks come first. How many there are is known only here:
        // the options have been applied, or the environment has its own number.
        int subtasks = records.getExecutionEnvironment().getParallelism();
        SlowStage slowStage =
                new SlowStage(
                        settings.plan(),
                        settings.slowLimits(),
                        settings.pin().after(subtasks),
                        around);

        // Flows that the fast models were not sure of, with the packets to judge them by.
        SingleOutputStreamOperator<Verdict> slow =
                fast.getSideOutput(FastStage.UNCERTAIN)
                        .transform(SLOW, StreamTypes.VERDICT, slowStage)
                        .uid(SLOW)
                        .slotSharingGroup(SLOW_SLOTS);
        int most = records.getExecutionEnvironment().getMaxParallelism();
        Integer slowSubtasks = settings.subtasks(JobOptions.SLOW_PARALLELISM, most);
        if (slowSubtasks != null) {
            slow.setParallelism(slowSubtasks);
        }

        verdictSink.accept(fast, FAST);
        verdictSink.accept(slow, SLOW);
        deadLetterSink.accept(packets.getSideOutput(PacketDecoding.DEAD_LETTERS));
    }

    /** Records to packets: as parallel as the source, for the order within a partition counts. */
    public static SingleOutputStreamOperator<FlowPacket> decode(
            DataStream<RawRecord> records, JobSettings settings, boolean partitionIsDomain) {
        return records.process(
                        new PacketDecoding(settings.decode(partitionIsDomain), settings.pin()))
                .returns(StreamTypes.FLOW_PACKET)
                .setParallelism(records.getParallelism())
                .uid("decode")
                .name("decode");
    }

    /** Packets to flows, and the flows to the fast models. */
    public static SingleOutputStreamOperator<Verdict> fast(
            DataStream<FlowPacket> packets, JobSettings settings) {
        return packets.keyBy(packet -> packet.key, StreamTypes.FLOW_KEY)
                .transform(
                        FAST,
                        StreamTypes.VERDICT,
                        new FastStage(
                                settings.plan(),
                                settings.timeouts(),
                                settings.fastLimits(),
                                settings.pin()))
                .setBufferTimeout(
                        Math.max(
                                packets.getExecutionEnvironment().getBufferTimeout(),
                                UNCERTAIN_BUFFER_MILLIS))
                .uid(FAST);
    }
}
