package io.serveflow.producer;

import io.serveflow.capture.CaptureDamage;
import io.serveflow.publish.PacketPublisher;
import io.serveflow.publish.PublishCounts;
import io.serveflow.publish.PublishFailure;
import io.serveflow.replay.CaptureReplay;
import io.serveflow.replay.PacketTarget;
import io.serveflow.replay.ReplayOptions;
import io.serveflow.schema.CapturedPacket;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One run from capture to Kafka, with its signs of life and its account at the end. */
final class CaptureRun {

    private static final long TICK_MILLIS = 100;
    private static final long SECONDS_TO_FINISH = 35;

    private final InputArguments input;
    private final PacketPublisher publisher;
    private final PrintWriter out;
    private final CaptureReplay replay;
    private final Progress progress;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean stopped;

    /** {@code target}: the publisher, or what hands packets on to it. */
    CaptureRun(
            InputArguments input,
            ReplayOptions options,
            Consumer<CapturedPacket> edit,
            PacketPublisher publisher,
            PacketTarget target,
            PrintWriter out)
            throws IOException {
        this.input = input;
        this.publisher = publisher;
        this.out = out;
        replay =
                new CaptureReplay(
                        () -> input.open(this::wireIsSilent, () -> stopped), options, edit, target);
        progress =
                new Progress(
                        out,
                        System.console() != null,
                        options.loops() * input.totalBytes(),
                        input.live());
    }

    /**
     * Publishes everything; true if every frame is accounted for and Kafka took all packets and
     * what ends the flows among them.
     *
     * @throws IOException if the medium failed; what was read before is published and accounted for
     */
    boolean run() throws IOException {
        long start = System.nanoTime();
        Thread onInterrupt = new Thread(this::stopAndAwait, "capture-stop");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        Thread ticker = new Thread(this::tick, "capture-progress");
        ticker.setDaemon(true);
        ticker.start();
        try {
            IOException failure = replayed();
            publisher.flush();
            endTicker(ticker);
            boolean good = summarize((System.nanoTime() - start) / 1e9);
            if (failure != null) {
                throw failure;
            }
            return good;
        } finally {
            endTicker(ticker);
            finished.countDown();
            removeHook(onInterrupt);
        }
    }

    /** Replays the capture; returns what ended it after its first frame, or null for its end. */
    private IOException replayed() throws IOException {
        try {
            replay.run();
            return null;
        } catch (IOException e) {
            if (replay.counts().frames() == 0) {
                throw e; // there is nothing to account for
            }
            return e;
        }
    }

    private void wireIsSilent() {
        replay.wireIsSilent();
    }

    private void stop() {
        stopped = true;
        replay.stop();
    }

    /** After Ctrl-C: what was read is still published, and accounted for. */
    private void stopAndAwait() {
        stop();
        try {
            finished.await(SECONDS_TO_FINISH, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // it is running: this is the end it waits for
        }
    }

    private void tick() {
        try {
            while (finished.getCount() > 0) {
                progress.show(replay.counts(), publisher.counts());
                // A file can be published again; a live wire goes on and loses what it must.
                if (!input.live() && isBrokerFailing()) {
                    stop();
                }
                Thread.sleep(TICK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Not if single records are refused, which they will be every time. */
    private boolean isBrokerFailing() {
        return publisher.counts().failures().stream().anyMatch(f -> !f.everyTime());
    }

    private void endTicker(Thread ticker) {
        ticker.interrupt();
        try {
            ticker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        progress.clear();
    }

    private boolean summarize(double seconds) {
        for (CaptureDamage damage : replay.damage()) {
            out.println("capture: " + damage);
        }
        replay.gapsText().ifPresent(gaps -> out.println("capture: " + gaps));
        tellFailures(publisher.counts());
        if (!input.drops().isEmpty()) {
            out.println("capture: " + input.drops());
        }
        CaptureSummary summary = new CaptureSummary(replay.counts(), publisher.counts());
        out.println("capture: " + summary.text(seconds));
        if (summary.nothingUnderstood()) {
            out.println("capture: no frame held a packet that can be classified");
        }
        return summary.sumHolds()
                && !summary.nothingUnderstood()
                && publisher.counts().packetsFailed() == 0
                && !publisher.counts().lastHeartbeatFailed();
    }

    private void tellFailures(PublishCounts counts) {
        for (PublishFailure failure : counts.failures()) {
            out.printf(
                    "capture: Kafka did not take %,d packets (%s): %s%n",
                    failure.packets(), failure.reason(), failure.remedy());
        }
        counts.heartbeatFailure()
                .ifPresent(
                        failure ->
                                out.printf(
                                        "capture: Kafka did not take %,d heartbeats (%s)%s: %s%n",
                                        counts.heartbeatsFailed(),
                                        failure.reason(),
                                        counts.lastHeartbeatFailed()
                                                ? ", so flows that wait may get no verdict"
                                                : "",
                                        failure.remedy()));
    }
}
