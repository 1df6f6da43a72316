package io.serveflow.job;

import io.serveflow.pin.NiceValue;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What the numbers and times among the options may be. What is refused here would else be refused
 * by Flink without the option's name, or by a task, which starts again and again.
 */
final class OptionRanges {

    /** A century: in nanoseconds, added to a time of today, it still fits 64 bits. */
    private static final String LONGEST = "36500 d";

    /** Rows of a call; those of the widest features take some hundred megabytes. */
    private static final String LARGEST_BATCH = "4096";

    /** Flows that take some ten gigabytes. */
    private static final String MOST_FLOWS = "16777216";

    /**
     * The values from one end to the other, both as they are written on the command line.
     *
     * @param most null where there is no upper end
     * @param orZero whether 0 is allowed besides
     */
    private record Range(String least, String most, boolean orZero) {

        String text() {
            String ends = most == null ? "at least " + least : least + " to " + most;
            return orZero ? "0, or " + ends : ends;
        }
    }

    private static final Map<ConfigOption<?>, Range> RANGES = new HashMap<>();

    static {
        between(JobOptions.TRANSACTION_TIMEOUT, "1 ms", "24 d"); // Kafka keeps it in 32 bits
        between(JobOptions.TCP_IDLE, "0 s", LONGEST);
        between(JobOptions.UDP_IDLE, "0 s", LONGEST);
        between(JobOptions.ICMP_IDLE, "0 s", LONGEST);
        between(JobOptions.HALF_OPEN, "0 s", LONGEST);
        between(JobOptions.CLOSED, "0 s", LONGEST);
        between(JobOptions.ACTIVE, "0 s", LONGEST);
        between(JobOptions.DEADLINE, "0 s", LONGEST);
        between(JobOptions.OUT_OF_ORDER, "0 s", LONGEST);
        between(JobOptions.DUPLICATE_WINDOW, "0 s", LONGEST);
        between(JobOptions.MAX_WAITING, "0", null);
        between(JobOptions.MAX_JUMP, "1 ms", LONGEST);
        between(JobOptions.IDLENESS, "1 ms", LONGEST);
        between(JobOptions.FAST_BATCH_SIZE, "1", LARGEST_BATCH);
        between(JobOptions.FAST_BATCH_DELAY, "0 s", LONGEST);
        between(JobOptions.DEFERRAL_BUDGET, "0", "1000000000");
        between(JobOptions.SLOW_BATCH_SIZE, "1", LARGEST_BATCH);
        between(JobOptions.SLOW_QUEUE, "1", MOST_FLOWS);
        between(JobOptions.SLOW_NICE, "0", String.valueOf(NiceValue.MOST));
        between(JobOptions.MAX_PARALLELISM, "1", "32768"); // as many key groups as Flink has
        between(JobOptions.BUFFER_TIMEOUT, "0 s", LONGEST);
        RANGES.put(JobOptions.CHECKPOINT_INTERVAL, new Range("10 ms", LONGEST, true));
        between(JobOptions.CACHED_FLOWS, "0", MOST_FLOWS);
    }

    private OptionRanges() {}

    private static void between(ConfigOption<?> option, String least, String most) {
        RANGES.put(option, new Range(least, most, false));
    }

    /** Refuses a value out of its option's range; {@code given} is what was written. */
    static <T> void check(ConfigOption<T> option, T value, String given) {
        Range range = RANGES.get(option);
        if (range != null) {
            check(option, value, given, range);
        }
    }

    /** The same for subtasks, of which there are no more than the job may ever have. */
    static void checkSubtasks(ConfigOption<Integer> option, int value, int most) {
        if (value < 1 || value > most) {
            throw new OptionException(
                    String.format(
                            "--%s must be 1 to %d, as --%s has it: %d",
                            option.key(), most, JobOptions.MAX_PARALLELISM.key(), value));
        }
    }

    private static <T> void check(ConfigOption<T> option, T value, String given, Range range) {
        boolean zero = range.orZero() && value instanceof Duration duration && duration.isZero();
        boolean within =
                compare(option, value, range.least()) >= 0
                        && (range.most() == null || compare(option, value, range.most()) <= 0);
        if (!within && !zero) {
            throw new OptionException(
                    String.format("--%s must be %s: %s", option.key(), range.text(), given));
        }
    }

    /** A range is only given to options whose values are numbers or times, which have an order. */
    @SuppressWarnings("unchecked")
    private static <T> int compare(ConfigOption<T> option, T value, String end) {
        T parsed = Configuration.fromMap(Map.of(option.key(), end)).get(option);
        return ((Comparable<T>) value).compareTo(parsed);
    }
}
