package io.serveflow.demo;

import io.serveflow.avro.Verdict;
import io.serveflow.output.VerdictReader;
import io.serveflow.schema.AvroTimes;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A consumer of the verdict topic that keeps count, in a thread of its own. */
public final class VerdictTap implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final Map<String, Map<String, Long>> byLabel = new TreeMap<>();
    private final Map<String, Latencies> latencies = new TreeMap<>();
    private final VerdictReader reader;
    private final Consumer<Verdict> onFirst;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile Throwable failure;
    private volatile long count;
    private volatile long repeats;
    private volatile long onFirstPacket;

    /** Starts reading; {@code onFirst} is told the first verdict. */
    public VerdictTap(String servers, String topic, Consumer<Verdict> onFirst) throws IOException {
        this.onFirst = onFirst;
        this.reader = new VerdictReader(servers, topic, Map.of(), true);
        this.thread = new Thread(this::read, "verdict-tap");
        thread.start();
    }

    private void read() {
        try (reader) {
            while (!stopped) {
                reader.poll(POLL, this::take);
                repeats = reader.repeats();
            }
        } catch (RuntimeException | Error e) {
            failure = e; // nobody hears of what a thread dies of, and would wait for verdicts
        }
    }

    private void take(Verdict verdict) {
        if (count == 0) {
            onFirst.accept(verdict);
        }
        byLabel.computeIfAbsent(verdict.getLabel(), label -> new TreeMap<>())
                .merge(verdict.getStage(), 1L, Long::sum);
        if (verdict.getFirstPublishTimeMicros() > 0) {
            long now = AvroTimes.micros(AvroTimes.now());
            latencies
                    .computeIfAbsent(verdict.getStage(), stage -> new Latencies())
                    .add(now - verdict.getFirstPublishTimeMicros());
        }
        if (verdict.getPacketsUsed() == 1
                && verdict.getReason() == io.serveflow.avro.Reason.CONFIDENT) {
            onFirstPacket++;
        }
        count++;
    }

    /** Says so if no further verdict will be read, to whoever waits for one. */
    public void failIfEnded() throws IOException {
        if (failure != null) {
            throw new IOException("the verdict topic is no longer read: " + failure, failure);
        }
    }

    /** Verdicts read so far, repeats not counted. */
    public long count() {
        return count;
    }

    public long repeats() {
        return repeats;
    }

    /** Verdicts given on the first packet alone. */
    public long onFirstPacket() {
        return onFirstPacket;
    }

    /** Verdicts by label and stage; read after {@link #close()}. */
    public Map<String, Map<String, Long>> byLabel() {
        return byLabel;
    }

    /** Latencies by stage; read after {@link #close()}. */
    public Map<String, Latencies> latencies() {
        return latencies;
    }

    @Override
    public void close() throws InterruptedException, IOException {
        stopped = true;
        thread.join();
        failIfEnded();
    }
}
