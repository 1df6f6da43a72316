package io.serveflow.local;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Tells once that checkpoints fail, and once that they succeed again: the job goes on meanwhile.
 */
final class CheckpointWatch {

    /** The web interface answers out of its memory for as long. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** One may fail with every restart of the job, which is told as such. */
    private static final int MANY = 2;

    private final JobRest job;
    private final Consumer<String> voice;
    private long lookedNanos = System.nanoTime();
    private long newestFailed;
    private int inARow;

    CheckpointWatch(JobRest job, Consumer<String> voice) {
        this.job = job;
        this.voice = voice;
    }

    /** May be called as often as one likes. */
    void look() throws InterruptedException {
        if (System.nanoTime() - lookedNanos < LOOK_NANOS) {
            return;
        }
        JsonNode latest = job.ask("checkpoints").path("latest");
        lookedNanos = System.nanoTime();
        // By ids, because Flink also counts as failed what it could not begin before all ran.
        long failed = latest.at("/failed/id").asLong();
        if (failed < latest.at("/completed/id").asLong()) {
            if (inARow >= MANY) {
                voice.accept("checkpoints succeed again");
            }
            inARow = 0;
        } else if (failed > newestFailed && ++inARow == MANY) {
            // Flink tells which step failed, its cause only to the log.
            String step =
                    latest.at("/failed/failure_message").asText().lines().findFirst().orElse("");
            voice.accept("checkpoints fail, the log says why: " + step);
        }
        newestFailed = Math.max(newestFailed, failed); // 0 if there was no answer
    }
}
