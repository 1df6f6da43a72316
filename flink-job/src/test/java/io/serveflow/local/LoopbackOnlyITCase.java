package io.serveflow.local;

import io.serveflow.job.JobSettings;
import io.serveflow.testing.Await;

import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Nothing here asks for a password, so nobody on the network may reach it. */
class LoopbackOnlyITCase {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Test
    @EnabledOnOs(OS.LINUX)
    void listensOnThisMachineOnlyWithoutTheWebInterface() throws Exception {
        assertLoopbackOnly(MiniClusters.environment(1, 1));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void listensOnThisMachineOnlyWithTheWebInterface() throws Exception {
        assertLoopbackOnly(MiniClusters.environmentWithWebUi(settings(), "0"));
    }

    private static void assertLoopbackOnly(StreamExecutionEnvironment env) throws Exception {
        JobClient job = start(env);
        try {
            assertThat(ListeningSockets.ofThisProcess())
                    .isNotEmpty()
                    .extracting(InetSocketAddress::getAddress)
                    .allMatch(address -> address.isLoopbackAddress(), "on this machine only");
        } finally {
            job.cancel().get(2, TimeUnit.MINUTES);
        }
    }

    @Test
    void takesNoJarsOverTheWebInterface() throws Exception {
        int port = FreePort.among("0", "--web-ui-port");
        JobClient job = start(MiniClusters.environmentWithWebUi(settings(), "" + port));
        try {
            assertThat(List.of(status(port, "/config"), status(port, "/jars")))
                    .containsExactly(200, 404);
        } finally {
            job.cancel().get(2, TimeUnit.MINUTES);
        }
    }

    private static int status(int port, String path) throws Exception {
        URI uri = URI.create("http://localhost:" + port + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static JobSettings settings() {
        return JobSettings.from(
                Map.of("kafka.bootstrap-servers", "nowhere:1", "job.parallelism", "1"));
    }

    private static JobClient start(StreamExecutionEnvironment env) throws Exception {
        env.fromSequence(0, Long.MAX_VALUE).sinkTo(new DiscardingSink<>());
        JobClient job = env.executeAsync("endless");
        Await.until(
                "a job that runs", PATIENCE, () -> job.getJobStatus().get() == JobStatus.RUNNING);
        return job;
    }
}
