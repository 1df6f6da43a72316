package io.serveflow.demo;

import io.serveflow.avro.Verdict;
import io.serveflow.capture.Captures;
import io.serveflow.local.WatchedJob;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Sums;
import io.serveflow.publish.KafkaConnection;
import io.serveflow.publish.PacketPublisher;
import io.serveflow.replay.CaptureReplay;
import io.serveflow.replay.Pace;
import io.serveflow.replay.ReplayOptions;
import io.serveflow.schema.PacketEncoder;

import org.apache.flink.core.execution.JobClient;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Publishes a capture, watches the job and the verdict topic, and waits until all is answered. */
final class DemoRun {

    /** Prints one line for the user. */
    interface Voice {
        void say(String format, Object... arguments);
    }

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long SPEAK_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String servers;
    private final KafkaConnection kafka;
    private final int partitions;
    private final WatchedJob job;
    private final List<Path> files;
    private final Pace pace;
    private final Voice voice;
    private final AtomicReference<Exception> replayFailure = new AtomicReference<>();
    private volatile OptionalDouble firstVerdictSeconds = OptionalDouble.empty();
    private long begin;

    DemoRun(
            String servers,
            KafkaConnection kafka,
            int partitions,
            JobClient job,
            List<Path> files,
            Pace pace,
            Voice voice) {
        this.servers = servers;
        this.kafka = kafka;
        this.partitions = partitions;
        this.job = new WatchedJob(job);
        this.files = files;
        this.pace = pace;
        this.voice = voice;
    }

    DemoResult run() throws Exception {
        awaitRunning();
        begin = System.nanoTime();
        try (VerdictTap tap = new VerdictTap(servers, "verdicts", this::firstVerdict);
                PacketPublisher publisher =
                        new PacketPublisher(
                                kafka.producer(), "packets", partitions, new PacketEncoder())) {
            CaptureReplay replay =
                    new CaptureReplay(
                            () -> Captures.open(files), ReplayOptions.at(pace), publisher);
            voice.say("publishing %s at %s", files.get(0).getFileName(), text(pace));
            Thread producer = new Thread(() -> publish(replay, publisher), "producer");
            producer.start();
            watch(producer, replay, publisher, tap);
            Sums sums = awaitAnswers(publisher, tap);
            tap.close();
            return new DemoResult(
                    sums,
                    publisher.counts().packetsPublished(),
                    tap.count(),
                    tap.repeats(),
                    tap.byLabel(),
                    tap.latencies(),
                    firstVerdictSeconds);
        }
    }

    static String text(Pace pace) {
        return pace.unit() == Pace.Unit.TOP_SPEED
                ? "top speed"
                : BigDecimal.valueOf(pace.rate()).stripTrailingZeros().toPlainString()
                        + " times its own pace";
    }

    private void awaitRunning() throws Exception {
        long spoke = System.nanoTime();
        while (!job.isReady()) {
            job.failIfEnded();
            LockSupport.parkNanos(LOOK_NANOS);
            if (System.nanoTime() - spoke > SPEAK_NANOS) {
                voice.say("the job is starting");
                spoke = System.nanoTime();
            }
        }
        voice.say("the job is running");
    }

    private void firstVerdict(Verdict verdict) {
        firstVerdictSeconds = OptionalDouble.of((System.nanoTime() - begin) / 1e9);
        voice.say(
                "first verdict: %s -> %s:%d is %s (%.0f %% sure, stage %s, after %d packet%s)",
                verdict.getOriginatorAddress(),
                verdict.getResponderAddress(),
                verdict.getResponderPort(),
                verdict.getLabel(),
                100 * verdict.getConfidence(),
                verdict.getStage(),
                verdict.getPacketsUsed(),
                verdict.getPacketsUsed() == 1 ? "" : "s");
    }

    private void publish(CaptureReplay replay, PacketPublisher publisher) {
        try {
            replay.run();
            publisher.flush();
        } catch (IOException | RuntimeException e) {
            replayFailure.set(e);
        }
    }

    private void watch(
            Thread producer, CaptureReplay replay, PacketPublisher publisher, VerdictTap tap)
            throws Exception {
        long spoke = System.nanoTime();
        while (producer.isAlive()) {
            producer.join(100);
            if (System.nanoTime() - spoke > SPEAK_NANOS) {
                speak(publisher, tap);
                spoke = System.nanoTime();
            }
            job.failIfEnded();
            tap.failIfEnded();
        }
        if (replayFailure.get() != null) {
            throw replayFailure.get();
        }
        voice.say(
                "published %,d packets; frames: %s",
                publisher.counts().packetsPublished(), replay.counts().skippedText());
        replay.gapsText().ifPresent(voice::say);
    }

    private void speak(PacketPublisher publisher, VerdictTap tap) {
        voice.say(
                "%,d packets published, %,d verdicts read, %.1f %% of them on packet 1",
                publisher.counts().packetsPublished(),
                tap.count(),
                tap.count() == 0 ? 0.0 : 100.0 * tap.onFirstPacket() / tap.count());
    }

    /**
     * Waits until the job has read everything and the consumer has every verdict, or until nothing
     * has come for long: a backlog may take any time.
     */
    private Sums awaitAnswers(PacketPublisher publisher, VerdictTap tap) throws Exception {
        long expected =
                publisher.counts().packetsPublished() + publisher.counts().heartbeatsPublished();
        Patience patience = new Patience(PATIENCE);
        long spoke = System.nanoTime();
        while (true) {
            Sums sums = job.sums();
            boolean complete =
                    sums.of(CounterNames.RECORDS_READ) >= expected
                            && sums.of(CounterNames.FLOWS_WAITING) == 0
                            && sums.of(CounterNames.FLOWS_OPENED) == sums.verdicts()
                            && tap.count() >= sums.verdicts();
            List<Object> state = List.of(sums.counters(), tap.count());
            if (complete || patience.isOver(state, System.nanoTime())) {
                return sums;
            }
            job.failIfEnded();
            tap.failIfEnded();
            LockSupport.parkNanos(LOOK_NANOS);
            if (System.nanoTime() - spoke > SPEAK_NANOS) {
                voice.say(
                        "waiting for the rest: %,d flows, %,d verdicts read",
                        sums.of(CounterNames.FLOWS_OPENED), tap.count());
                spoke = System.nanoTime();
            }
        }
    }
}
