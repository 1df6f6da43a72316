package io.serveflow.job;

import io.serveflow.classify.SlowLimits;
import io.serveflow.classify.StageLimits;
import io.serveflow.decode.CaptureWatermarks;
import io.serveflow.decode.DecodeSettings;
import io.serveflow.flow.FlowTimeouts;
import io.serveflow.model.PlanRepository;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;
import io.serveflow.model.StageModel;
import io.serveflow.pin.CorePin;
import io.serveflow.schema.Causes;
import io.serveflow.schema.SchemaRegistry;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The options of one run, read and checked once, in {@code main}; operators receive plain values.
 */
public final class JobSettings {

    private final ReadableConfig config;
    private final ServingPlan plan;

    private JobSettings(ReadableConfig config, ServingPlan plan) {
        this.config = config;
        this.plan = plan != null ? plan : loadPlan();
    }

    private ServingPlan loadPlan() {
        return new PlanRepository().load(get(JobOptions.PLAN)).routed(get(JobOptions.ROUTE));
    }

    /** Takes options as they are written on a command line. */
    public static JobSettings fromArgs(String[] args) {
        return from(Arguments.read(args));
    }

    /** Takes options by key. */
    public static JobSettings from(Map<String, String> given) {
        return from(given, null);
    }

    /** Takes options by key, and a plan instead of the one they name; null = the one they name. */
    public static JobSettings from(Map<String, String> given, ServingPlan plan) {
        refuseUnknown(given.keySet());
        return new JobSettings(Configuration.fromMap(given), plan);
    }

    private static void refuseUnknown(Set<String> keys) {
        Set<String> known =
                JobOptions.ALL.stream()
                        .map(ConfigOption::key)
                        .collect(Collectors.toCollection(TreeSet::new));
        for (String key : keys) {
            if (!known.contains(key)) {
                throw new OptionException(
                        "unknown option --" + key + Suggestion.of(key, known) + "; see --help");
            }
        }
    }

    /** Whether the option was written, be it with its default. */
    public boolean isGiven(ConfigOption<?> option) {
        return config.toMap().containsKey(option.key());
    }

    /** The value of an option; a malformed or impossible one is refused in words. */
    public <T> T get(ConfigOption<T> option) {
        T value = read(option);
        String given = config.toMap().getOrDefault(option.key(), "").trim();
        if (value instanceof Duration duration && !duration.isZero()) {
            refuseWithoutUnit(option.key(), given);
        }
        if (value != null) {
            OptionRanges.check(option, value, given);
        }
        return value;
    }

    /** Flink takes a bare number for milliseconds; who writes 5 means seconds as often. */
    private static void refuseWithoutUnit(String key, String given) {
        if (given.chars().allMatch(Character::isDigit) && !given.isEmpty()) {
            throw new OptionException(
                    String.format(
                            "--%s %s needs a unit: %s s, or %s ms", key, given, given, given));
        }
    }

    private <T> T read(ConfigOption<T> option) {
        try {
            return config.get(option);
        } catch (RuntimeException e) {
            throw new OptionException("--" + option.key() + ": " + innermost(e), e);
        }
    }

    public <T> T required(ConfigOption<T> option) {
        T value = get(option);
        if (value == null) {
            throw new OptionException(
                    "--" + option.key() + " is missing: " + text(option) + " See --help");
        }
        return value;
    }

    /** Settings for every Kafka client, from the file that the options name; may hold secrets. */
    public Map<String, String> clientProperties() {
        String file = get(JobOptions.CLIENT_PROPERTIES_FILE);
        Map<String, String> result = new HashMap<>();
        if (file == null) {
            return result;
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new OptionException(
                    "--" + JobOptions.CLIENT_PROPERTIES_FILE.key() + ": cannot read " + file, e);
        }
        properties.stringPropertyNames().forEach(n -> result.put(n, properties.getProperty(n)));
        return result;
    }

    /**
     * Where the schema registry is, with its credentials; null where the options name none. What is
     * wrong with it a task would find out, which starts again and again.
     */
    public String schemaRegistry() {
        String url = get(JobOptions.SCHEMA_REGISTRY);
        if (url == null) {
            return null;
        }
        try {
            return SchemaRegistry.address(url, clientProperties().get(SchemaRegistry.USER_INFO));
        } catch (IllegalArgumentException e) {
            throw new OptionException(
                    "--" + JobOptions.SCHEMA_REGISTRY.key() + ": " + e.getMessage(), e);
        }
    }

    /** The description of an option. */
    public static String text(ConfigOption<?> option) {
        return new org.apache.flink.configuration.description.HtmlFormatter()
                .format(option.description());
    }

    public ServingPlan plan() {
        return plan;
    }

    public FlowTimeouts timeouts() {
        FlowTimeouts trained = plan.timeouts();
        return new FlowTimeouts(
                nanos(JobOptions.TCP_IDLE, trained.tcpIdle()),
                nanos(JobOptions.UDP_IDLE, trained.udpIdle()),
                nanos(JobOptions.ICMP_IDLE, trained.icmpIdle()),
                nanos(JobOptions.HALF_OPEN, trained.halfOpen()),
                nanos(JobOptions.CLOSED, trained.closed()),
                nanos(JobOptions.ACTIVE, trained.active()),
                nanos(JobOptions.DEADLINE, trained.deadline()),
                nanos(JobOptions.OUT_OF_ORDER, trained.outOfOrder()),
                nanos(JobOptions.DUPLICATE_WINDOW, trained.duplicate()));
    }

    private long nanos(ConfigOption<Duration> option, long otherwise) {
        Duration value = get(option);
        return value == null ? otherwise : value.toNanos();
    }

    public DecodeSettings decode(boolean partitionIsDomain) {
        return new DecodeSettings(
                get(JobOptions.USE_VLAN),
                partitionIsDomain,
                timeouts().outOfOrder(),
                get(JobOptions.MAX_JUMP).toNanos(),
                schemaRegistry());
    }

    public CaptureWatermarks watermarks(boolean perRecord) {
        return new CaptureWatermarks(
                get(JobOptions.OUT_OF_ORDER),
                get(JobOptions.MAX_JUMP),
                perRecord,
                schemaRegistry());
    }

    public StageLimits fastLimits() {
        return new StageLimits(
                batchSize(JobOptions.FAST_BATCH_SIZE, plan.fastStages()),
                get(JobOptions.FAST_BATCH_DELAY).toMillis(),
                get(JobOptions.MAX_WAITING),
                get(JobOptions.DEFERRAL_BUDGET),
                get(JobOptions.CACHED_FLOWS));
    }

    /** A call's rows must fit one buffer, and how many do depends on the features of the plan. */
    private int batchSize(ConfigOption<Integer> option, List<Stage> stages) {
        int rows = get(option);
        int most = stages.stream().mapToInt(StageModel::mostRows).min().orElse(rows);
        if (rows > most) {
            throw new OptionException(
                    String.format(
                            "--%s must be 1 to %d with plan %s: %d",
                            option.key(), most, plan.name(), rows));
        }
        return rows;
    }

    public SlowLimits slowLimits() {
        return new SlowLimits(
                batchSize(JobOptions.SLOW_BATCH_SIZE, plan.slowStages()),
                get(JobOptions.SLOW_QUEUE),
                get(JobOptions.SLOW_OVERLOAD) == JobOptions.Overload.SHED,
                get(JobOptions.SLOW_NICE));
    }

    /** Where the threads of the slots go. */
    public CorePin pin() {
        try {
            return CorePin.parse(get(JobOptions.PIN_CORES));
        } catch (IllegalArgumentException e) {
            throw new OptionException("--" + JobOptions.PIN_CORES.key() + ": " + e.getMessage(), e);
        }
    }

    /** Subtasks of the job or of a part of it; null where the option is not given. */
    public Integer subtasks(ConfigOption<Integer> option) {
        return subtasks(option, get(JobOptions.MAX_PARALLELISM));
    }

    /** The same where Flink has its own word on how many there may ever be. */
    Integer subtasks(ConfigOption<Integer> option, int most) {
        Integer value = get(option);
        if (value != null) {
            OptionRanges.checkSubtasks(option, value, most);
        }
        return value;
    }

    /** Flink says what it could not read first, and why, last. */
    private static String innermost(RuntimeException e) {
        return firstLine(Causes.innermost(e)).replaceFirst(" for enum class \\S+ ", ": ");
    }

    static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }
}
