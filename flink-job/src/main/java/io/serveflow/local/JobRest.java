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

/** What Flink's web interface knows of a job and its client does not tell. */
final class JobRest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final URI webInterface;
    private final JobID job;

    /** {@code webInterface}: its address. */
    JobRest(URI webInterface, JobID job) {
        this.webInterface = webInterface;
        this.job = job;
    }

    /** An empty object if it does not answer: it may be busy, or gone with its job. */
    JsonNode ask(String what) throws InterruptedException {
        HttpRequest question =
                HttpRequest.newBuilder(webInterface.resolve("/jobs/" + job + "/" + what))
                        .timeout(PATIENCE)
                        .build();
        try {
            return json.readTree(http.send(question, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            return json.createObjectNode();
        }
    }
}
