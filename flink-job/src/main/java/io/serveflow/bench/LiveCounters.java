package io.serveflow.bench;

import io.serveflow.metrics.CounterNames;

import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The counters of the job in this JVM, as they are now: a metric reporter that only remembers whom
 * to ask. Accumulators would come seconds late, too late to see the end of a repetition.
 */
public final class LiveCounters implements MetricReporter, MetricReporterFactory {

    /** Flink makes the reporter, so this is how the benchmark finds it again. */
    private static final Map<Metric, String> COUNTERS = new ConcurrentHashMap<>();

    private static final String OURS = "(records|packets|flows|verdicts|clock)\\.[a-z0-9.-]+";

    private static final List<String> ARRIVED =
            List.of(
                    CounterNames.PACKETS_FIRST,
                    CounterNames.PACKETS_USED,
                    CounterNames.PACKETS_AFTER_VERDICT,
                    CounterNames.PACKETS_WAITING,
                    CounterNames.PACKETS_LATE,
                    CounterNames.PACKETS_DUPLICATE);

    /** Each is registered once by every subtask of a stage, when that is ready for packets. */
    private static final Set<String> READY =
            Set.of(CounterNames.RECORDS_READ, CounterNames.FLOWS_OPENED, CounterNames.SLOW_QUEUE);

    private record OfJob(String job, String name) {}

    private static final Map<Metric, OfJob> SUBTASKS = new ConcurrentHashMap<>();

    private final Set<Metric> ours = ConcurrentHashMap.newKeySet();

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return new LiveCounters();
    }

    @Override
    public void open(MetricConfig config) {
        // nothing to prepare
    }

    /** The next mini-cluster may be up before the last one is gone. */
    @Override
    public void close() {
        ours.forEach(this::forget);
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        if (metric instanceof Counter && name.matches(OURS)) {
            COUNTERS.put(metric, name);
            ours.add(metric);
        }
        if (READY.contains(name)) {
            SUBTASKS.put(metric, new OfJob(group.getAllVariables().get("<job_id>"), name));
            ours.add(metric);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        forget(metric);
    }

    private void forget(Metric metric) {
        COUNTERS.remove(metric);
        SUBTASKS.remove(metric);
    }

    /** Subtasks of this very job that have registered {@code name}: another may run beside it. */
    static long subtasks(JobID job, String name) {
        OfJob wanted = new OfJob(job.toString(), name);
        return SUBTASKS.values().stream().filter(wanted::equals).count();
    }

    /** Sums over the subtasks, by name. */
    static Map<String, Long> now() {
        Map<String, Long> sums = new TreeMap<>();
        COUNTERS.forEach(
                (metric, name) -> sums.merge(name, ((Counter) metric).getCount(), Long::sum));
        return sums;
    }

    /** The sum over the subtasks of one counter. */
    static long now(String name) {
        long sum = 0;
        for (Map.Entry<Metric, String> entry : COUNTERS.entrySet()) {
            if (entry.getValue().equals(name)) {
                sum += ((Counter) entry.getKey()).getCount();
            }
        }
        return sum;
    }

    /** Packets and heartbeats that the job has read, however many of them shared a record. */
    static long entriesRead() {
        return now(CounterNames.RECORDS_READ) + now(CounterNames.PACKETS_JOINED);
    }

    /** Packets on their way from the decoder to the fast stage: flows may yet be opened by them. */
    static long packetsUnderway() {
        Map<String, Long> now = now();
        long arrived = ARRIVED.stream().mapToLong(name -> now.getOrDefault(name, 0L)).sum();
        return now.getOrDefault(CounterNames.PACKETS_DECODED, 0L) - arrived;
    }
}
