package io.serveflow.bench;

import io.serveflow.avro.Reason;
import io.serveflow.demo.Latencies;
import io.serveflow.output.VerdictGlance;
import io.serveflow.output.VerdictReader;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A reader of the verdict topic, in a thread of its own, that takes the time of every verdict it
 * has read and decoded.
 */
final class VerdictWatch implements AutoCloseable {

    /** Verdicts of all stages together. */
    static final String ALL = "all";

    /** Verdicts that a stage of the fast operator gave because the slow one had no room. */
    static final String OVERLOAD = "overload";

    private static final Duration POLL = Duration.ofMillis(20);

    private final VerdictReader reader;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile long count;
    private volatile Throwable failure;
    private long from = Long.MAX_VALUE;
    private long length = Long.MAX_VALUE;
    private List<Map<String, Latencies>> stretches = List.of();

    VerdictWatch(Rig rig, String suffix) throws IOException {
        reader = new VerdictReader(rig.servers(), Rig.VERDICTS + suffix, Map.of(), true);
        thread = new Thread(this::read, "bench-reader" + suffix);
        thread.start();
    }

    private void read() {
        try (reader) {
            while (!stopped) {
                reader.glance(POLL, this::take);
            }
        } catch (RuntimeException | Error e) {
            failure = e; // nobody hears of what a thread dies of, and would wait for verdicts
        }
    }

    private synchronized void take(VerdictGlance verdict) {
        long now = Clock.micros();
        long due = verdict.firstPublishTimeMicros();
        count++;
        if (due < from || (due - from) / length >= stretches.size()) {
            return;
        }
        Map<String, Latencies> latencies = stretches.get((int) ((due - from) / length));
        boolean shed = verdict.reason() == Reason.OVERLOAD;
        add(latencies, shed ? OVERLOAD : verdict.stage(), now - due);
        add(latencies, ALL, now - due);
    }

    private static void add(Map<String, Latencies> to, String stage, long micros) {
        to.computeIfAbsent(stage, s -> new Latencies()).add(micros);
    }

    /**
     * Takes note of the flows whose first packet is due in one of {@code count} stretches of time,
     * and of no others.
     */
    synchronized void watch(long fromMicros, long lengthMicros, int count) {
        from = fromMicros;
        length = lengthMicros;
        stretches =
                Stream.generate(TreeMap<String, Latencies>::new)
                        .limit(count)
                        .<Map<String, Latencies>>map(stretch -> stretch)
                        .toList();
    }

    /** Latencies of each stretch by stage, and of {@link #ALL}. */
    synchronized List<Map<String, Latencies>> stretches() {
        return stretches;
    }

    /**
     * Verdicts read so far, repeats not counted.
     *
     * @throws IllegalStateException if no further verdict will be read
     */
    long count() {
        if (failure != null) {
            throw new IllegalStateException("verdicts are no longer read: " + failure, failure);
        }
        return count;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.join();
    }
}
