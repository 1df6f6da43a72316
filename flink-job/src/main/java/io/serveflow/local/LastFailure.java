package io.serveflow.local;

import org.apache.flink.api.common.JobID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Why a job failed, by Flink's web interface: its client does not tell as long as it restarts. */
final class LastFailure {

    private static final String CAUSE = "Caused by: ";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * The web interface answers out of its memory for three seconds, and on a busy machine the
     * newest failure is not there at once.
     */
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpRequest question;
    private long toldMillis;

    /** {@code webInterface}: its address. */
    LastFailure(URI webInterface, JobID job) {
        URI failures = webInterface.resolve("/jobs/" + job + "/exceptions?maxExceptions=1");
        question = HttpRequest.newBuilder(failures).timeout(PATIENCE).build();
    }

    /** The newest failure in one line, unless it was told before; else where to look. */
    String next() throws InterruptedException {
        long deadline = System.nanoTime() + STALE_NANOS;
        while (System.nanoTime() < deadline) {
            JsonNode newest = ask().at("/exceptionHistory/entries/0");
            if (newest.path("timestamp").asLong() > toldMillis) {
                toldMillis = newest.path("timestamp").asLong();
                return innermost(newest.path("stacktrace").asText());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return "the log says why";
    }

    private JsonNode ask() throws InterruptedException {
        ObjectMapper json = new ObjectMapper();
        try {
            String answer = http.send(question, HttpResponse.BodyHandlers.ofString()).body();
            return json.readTree(answer);
        } catch (IOException e) {
            return json.createObjectNode(); // it may be busy, or gone with its job
        }
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
