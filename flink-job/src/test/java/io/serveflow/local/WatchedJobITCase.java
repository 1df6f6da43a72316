package io.serveflow.local;

import io.serveflow.job.JobSettings;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WatchedJobITCase {

    @Test
    void tellsTheReasonOfAJobThatCannotRun() throws Exception {
        WatchedJob job = failing();
        assertThatThrownBy(
                        () -> {
                            while (!job.isReady()) {
                                job.failIfEnded();
                            }
                        })
                .hasRootCauseInstanceOf(IOException.class)
                .hasRootCauseMessage("no room");
    }

    @Test
    void tellsItAlsoWhereOnlyCountersAreAskedFor() throws Exception {
        WatchedJob job = failing();
        assertThatThrownBy(
                        () -> {
                            while (job.sums() != null) {
                                Thread.onSpinWait();
                            }
                        })
                .hasRootCauseMessage("no room");
    }

    @Test
    void hasNothingToCancelOnceItHasEnded() throws Exception {
        WatchedJob job = failing();
        assertThatThrownBy(
                        () -> {
                            while (true) {
                                job.failIfEnded();
                            }
                        })
                .hasRootCauseMessage("no room");

        job.cancel();
    }

    private static WatchedJob failing() throws Exception {
        JobSettings settings =
                JobSettings.from(
                        Map.of("kafka.bootstrap-servers", "nowhere:1", "job.parallelism", "1"));
        StreamExecutionEnvironment env = MiniClusters.environment(settings);
        env.configure(new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "disable"));
        env.fromSequence(0, 1).map(WatchedJobITCase::fail).print();
        return new WatchedJob(env.executeAsync("failing"));
    }

    private static Long fail(Long number) throws IOException {
        throw new IOException("no room");
    }
}
