package io.serveflow.local;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Why a job failed, by Flink's web interface: its client does not tell as long as it restarts. */
final class LastFailure {

    private static final String CAUSE = "Caused by: ";
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * The web interface answers out of its memory for three seconds, and on a busy machine the
     * newest failure is not there at once.
     */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final JobRest job;
    private long toldMillis;

    LastFailure(JobRest job) {
        this.job = job;
    }

    /** The newest failure in one line, unless it was told before; else where to look. */
    String next() throws InterruptedException {
        long deadline = System.nanoTime() + STALE_NANOS;
        while (System.nanoTime() < deadline) {
            JsonNode newest =
                    job.ask("exceptions?maxExceptions=1").at("/exceptionHistory/entries/0");
            if (newest.path("timestamp").asLong() > toldMillis) {
                toldMillis = newest.path("timestamp").asLong();
                return innermost(newest.path("stacktrace").asText());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return "the log says why";
    }

    /** What the innermost cause of a stack trace says, in one line. */
    static String innermost(String stackTrace) {
        String text = "";
        for (String line : stackTrace.lines().toList()) {
            if (text.isEmpty()) {
                text = line;
            } else if (line.startsWith(CAUSE)) {
                text = line.substring(CAUSE.length());
            }
        }
        return text;
    }
}
