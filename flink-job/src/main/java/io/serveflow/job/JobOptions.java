package io.serveflow.job;

import io.serveflow.model.PlanRepository;
import io.serveflow.model.Route;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The job's options, given as {@code --key value}. */
public final class JobOptions {

    private static final String FLINKS_OWN = " Flink's own setting goes before the default.";

    public static final ConfigOption<String> BOOTSTRAP_SERVERS =
            ConfigOptions.key("kafka.bootstrap-servers")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Kafka brokers, host:port, separated by commas. Required.");

    public static final ConfigOption<String> PACKETS_TOPIC =
            ConfigOptions.key("kafka.packets-topic")
                    .stringType()
                    .defaultValue("packets")
                    .withDescription("Topic that packets are read from.");

    public static final ConfigOption<String> VERDICTS_TOPIC =
            ConfigOptions.key("kafka.verdicts-topic")
                    .stringType()
                    .defaultValue("verdicts")
                    .withDescription("Topic that verdicts are written to.");

    public static final ConfigOption<String> DEAD_LETTERS_TOPIC =
            ConfigOptions.key("kafka.dead-letters-topic")
                    .stringType()
                    .defaultValue("dead-letters")
                    .withDescription("Topic that unreadable records are written to.");

    public static final ConfigOption<String> GROUP_ID =
            ConfigOptions.key("kafka.group-id")
                    .stringType()
                    .defaultValue("serveflow")
                    .withDescription(
                            "Consumer group that offsets are committed under, and part of the names of"
                                    + " transactions: jobs side by side need one each.");

    public static final ConfigOption<StartingOffsets> STARTING_OFFSETS =
            ConfigOptions.key("kafka.starting-offsets")
                    .enumType(StartingOffsets.class)
                    .defaultValue(StartingOffsets.COMMITTED)
                    .withDescription(
                            "Where to start without a savepoint: committed (at a checkpoint; else"
                                    + " earliest), earliest or latest.");

    public static final ConfigOption<Delivery> DELIVERY =
            ConfigOptions.key("kafka.delivery")
                    .enumType(Delivery.class)
                    .defaultValue(Delivery.AT_LEAST_ONCE)
                    .withDescription(
                            "at-least-once: verdicts are visible at once, a failure may repeat some"
                                    + " under the same verdictId. exactly-once: by Kafka"
                                    + " transactions, visible at each checkpoint.");

    public static final ConfigOption<Duration> TRANSACTION_TIMEOUT =
            ConfigOptions.key("kafka.transaction-timeout")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(14))
                    .withDescription(
                            "With exactly-once: must exceed checkpoint plus restart time and stay"
                                    + " below the broker's transaction.max.timeout.ms (15 min).");

    public static final ConfigOption<String> CLIENT_PROPERTIES_FILE =
            ConfigOptions.key("kafka.client-properties-file")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Properties file for all Kafka clients of the job: security settings"
                                    + " belong here, not on the command line. Options win over"
                                    + " it.");

    public static final ConfigOption<VerdictFormat> VERDICT_FORMAT =
            ConfigOptions.key("kafka.verdict-format")
                    .enumType(VerdictFormat.class)
                    .defaultValue(VerdictFormat.AVRO)
                    .withDescription(
                            "avro: single-object encoding. confluent: Confluent wire format, needs"
                                    + " schema.registry-url. json: one ECS-shaped object.");

    public static final ConfigOption<String> SCHEMA_REGISTRY =
            ConfigOptions.key("schema.registry-url")
                    .stringType()
                    .noDefaultValue()
                    .withDescription("Schema registry for records in the Confluent wire format.");

    public static final ConfigOption<String> PLAN =
            ConfigOptions.key("model.plan")
                    .stringType()
                    .defaultValue(PlanRepository.DEFAULT)
                    .withDescription(
                            "Serving plan: a bundle directory, or the name of a bundled one.");

    public static final ConfigOption<Route> ROUTE =
            ConfigOptions.key("model.route")
                    .enumType(Route.class)
                    .defaultValue(Route.CASCADE)
                    .withDescription(
                            "cascade: as planned. fast, slow: every flow to one end of the plan,"
                                    + " for comparison.");

    public static final ConfigOption<Duration> TCP_IDLE =
            timeout("flow.tcp-idle-timeout", "Silence that ends a TCP flow.");

    public static final ConfigOption<Duration> UDP_IDLE =
            timeout("flow.udp-idle-timeout", "Silence that ends a UDP or other flow.");

    public static final ConfigOption<Duration> ICMP_IDLE =
            timeout("flow.icmp-idle-timeout", "Silence that ends an ICMP flow.");

    public static final ConfigOption<Duration> HALF_OPEN =
            timeout("flow.half-open-timeout", "Silence that ends a TCP flow nobody answered.");

    public static final ConfigOption<Duration> CLOSED =
            timeout("flow.closed-timeout", "Linger after RST or both FINs; absorbs stragglers.");

    public static final ConfigOption<Duration> ACTIVE =
            timeout("flow.active-timeout", "Length at which a flow is cut into segments.");

    public static final ConfigOption<Duration> DEADLINE =
            timeout("flow.deadline", "How long an uncertain flow waits for its packets.");

    public static final ConfigOption<Duration> OUT_OF_ORDER =
            ConfigOptions.key("flow.out-of-order-bound")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(1))
                    .withDescription("How late a packet may come and still count.");

    public static final ConfigOption<Duration> DUPLICATE_WINDOW =
            ConfigOptions.key("flow.duplicate-window")
                    .durationType()
                    .defaultValue(Duration.ZERO)
                    .withDescription(
                            "Drop a packet that repeats the one before it in its flow within this"
                                    + " time (mirror ports); 0 = keep. Of what is not TCP only"
                                    + " packets with a checksum, so none that were anonymized.");

    public static final ConfigOption<Boolean> USE_VLAN =
            ConfigOptions.key("flow.use-vlan")
                    .booleanType()
                    .defaultValue(false)
                    .withDescription("Whether equal five-tuples on two VLANs are two flows.");

    public static final ConfigOption<Long> MAX_WAITING =
            ConfigOptions.key("flow.max-waiting")
                    .longType()
                    .defaultValue(200_000L)
                    .withDescription(
                            "Uncertain flows kept per subtask; beyond it the oldest gets its fast"
                                    + " verdict.");

    public static final ConfigOption<Duration> MAX_JUMP =
            ConfigOptions.key("clock.max-jump")
                    .durationType()
                    .defaultValue(Duration.ofMinutes(1))
                    .withDescription("How far one record may move event time.");

    public static final ConfigOption<Duration> IDLENESS =
            ConfigOptions.key("clock.idleness")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(30))
                    .withDescription(
                            "A partition that is silent so long, heartbeats included, no longer"
                                    + " holds event time back.");

    public static final ConfigOption<Integer> FAST_BATCH_SIZE =
            ConfigOptions.key("fast.batch-size")
                    .intType()
                    .defaultValue(128)
                    .withDescription("Flows that a fast model judges in one call at most.");

    public static final ConfigOption<Duration> FAST_BATCH_DELAY =
            ConfigOptions.key("fast.batch-delay")
                    .durationType()
                    .defaultValue(Duration.ofMillis(1))
                    .withDescription(
                            "How long a flow waits for others to share the call; after a pause of"
                                    + " twice that, not at all.");

    public static final ConfigOption<Double> DEFERRAL_BUDGET =
            ConfigOptions.key("fast.deferrals-per-second")
                    .doubleType()
                    .defaultValue(0.0)
                    .withDescription(
                            "Uncertain flows that one subtask may let wait, per second; as the"
                                    + " budget runs low only the most uncertain do, the others keep"
                                    + " their fast verdict, reason overload. 0 = any number.");

    public static final ConfigOption<Integer> SLOW_BATCH_SIZE =
            ConfigOptions.key("slow.batch-size")
                    .intType()
                    .defaultValue(64)
                    .withDescription("Flows that the slow model judges in one call at most.");

    public static final ConfigOption<Integer> SLOW_QUEUE =
            ConfigOptions.key("slow.queue-capacity")
                    .intType()
                    .defaultValue(65_536)
                    .withDescription("Flows that may wait for the slow model, per subtask.");

    public static final ConfigOption<Overload> SLOW_OVERLOAD =
            ConfigOptions.key("slow.overload")
                    .enumType(Overload.class)
                    .defaultValue(Overload.SHED)
                    .withDescription(
                            "When that queue is full: shed = further flows get their fast verdict,"
                                    + " reason overload; wait = the job slows down.");

    public static final ConfigOption<Integer> SLOW_PARALLELISM =
            ConfigOptions.key("slow.parallelism")
                    .intType()
                    .noDefaultValue()
                    .withDescription("Subtasks of the slow stage; default: those of the job.");

    public static final ConfigOption<Integer> SLOW_NICE =
            ConfigOptions.key("slow.nice")
                    .intType()
                    .defaultValue(10)
                    .withDescription(
                            "How far the slow stage's threads let others on their core go first,"
                                    + " the fast path above all: 0 = not at all, up to 19. Linux"
                                    + " only.");

    public static final ConfigOption<Integer> PARALLELISM =
            ConfigOptions.key("job.parallelism")
                    .intType()
                    .noDefaultValue()
                    .withDescription("Subtasks of the job; default: what Flink was told.");

    public static final ConfigOption<Integer> MAX_PARALLELISM =
            ConfigOptions.key("job.max-parallelism")
                    .intType()
                    .defaultValue(128)
                    .withDescription(
                            "Upper bound of later rescaling; part of every savepoint. So many tables"
                                    + " hold the flows in memory: far more cost memory, far fewer"
                                    + " pause longer when one grows."
                                    + FLINKS_OWN);

    public static final ConfigOption<String> PIN_CORES =
            ConfigOptions.key("job.pin-cores")
                    .stringType()
                    .defaultValue("none")
                    .withDescription(
                            "Cores for the slots, one each, the slow stage's last: none, all, or a"
                                    + " list such as 0-15. Linux only.");

    public static final ConfigOption<Duration> BUFFER_TIMEOUT =
            ConfigOptions.key("job.buffer-timeout")
                    .durationType()
                    .defaultValue(Duration.ofMillis(1))
                    .withDescription("How long records wait in a network buffer." + FLINKS_OWN);

    public static final ConfigOption<Duration> CHECKPOINT_INTERVAL =
            ConfigOptions.key("checkpoint.interval")
                    .durationType()
                    .defaultValue(Duration.ofSeconds(30))
                    .withDescription(
                            "Time between checkpoints; 0 = none, and a failure ends the job."
                                    + FLINKS_OWN);

    public static final ConfigOption<String> CHECKPOINT_DIRECTORY =
            ConfigOptions.key("checkpoint.directory")
                    .stringType()
                    .noDefaultValue()
                    .withDescription(
                            "Where checkpoints go, a URI; default: Flink's configuration, else a"
                                    + " temporary directory of this machine.");

    public static final ConfigOption<StateBackend> STATE_BACKEND =
            ConfigOptions.key("state.backend")
                    .enumType(StateBackend.class)
                    .defaultValue(StateBackend.HASHMAP)
                    .withDescription(
                            "hashmap: fastest, state in memory. rocksdb: state larger than memory,"
                                    + " incremental checkpoints."
                                    + FLINKS_OWN);

    public static final ConfigOption<Integer> CACHED_FLOWS =
            ConfigOptions.key("state.cached-flows")
                    .intType()
                    .defaultValue(16_384)
                    .withDescription(
                            "Flows that a subtask keeps at hand in memory in front of RocksDB, a"
                                    + " kilobyte each.");

    /** Every option, in the order of the documentation. */
    public static final List<ConfigOption<?>> ALL =
            List.of(
                    BOOTSTRAP_SERVERS,
                    PACKETS_TOPIC,
                    VERDICTS_TOPIC,
                    DEAD_LETTERS_TOPIC,
                    GROUP_ID,
                    STARTING_OFFSETS,
                    DELIVERY,
                    TRANSACTION_TIMEOUT,
                    CLIENT_PROPERTIES_FILE,
                    VERDICT_FORMAT,
                    SCHEMA_REGISTRY,
                    PLAN,
                    ROUTE,
                    TCP_IDLE,
                    UDP_IDLE,
                    ICMP_IDLE,
                    HALF_OPEN,
                    CLOSED,
                    ACTIVE,
                    DEADLINE,
                    OUT_OF_ORDER,
                    DUPLICATE_WINDOW,
                    USE_VLAN,
                    MAX_WAITING,
                    MAX_JUMP,
                    IDLENESS,
                    FAST_BATCH_SIZE,
                    FAST_BATCH_DELAY,
                    DEFERRAL_BUDGET,
                    SLOW_BATCH_SIZE,
                    SLOW_QUEUE,
                    SLOW_OVERLOAD,
                    SLOW_PARALLELISM,
                    SLOW_NICE,
                    PARALLELISM,
                    MAX_PARALLELISM,
                    PIN_CORES,
                    BUFFER_TIMEOUT,
                    CHECKPOINT_INTERVAL,
                    CHECKPOINT_DIRECTORY,
                    STATE_BACKEND,
                    CACHED_FLOWS);

    /** Where reading starts without a savepoint. */
    public enum StartingOffsets {
        COMMITTED,
        EARLIEST,
        LATEST
    }

    /** What a failure may do to verdicts. */
    public enum Delivery {
        AT_LEAST_ONCE,
        EXACTLY_ONCE;

        /** As it is written on the command line: Flink reads an option by this text. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How verdicts are written. */
    public enum VerdictFormat {
        AVRO,
        CONFLUENT,
        JSON
    }

    /** What happens to uncertain flows that the slow stage has no room for. */
    public enum Overload {
        SHED,
        WAIT
    }

    /** Where flow state lives. */
    public enum StateBackend {
        HASHMAP,
        ROCKSDB
    }

    private JobOptions() {}

    private static ConfigOption<Duration> timeout(String key, String what) {
        return ConfigOptions.key(key)
                .durationType()
                .noDefaultValue()
                .withDescription(what + " Default: what the plan was trained with.");
    }
}
