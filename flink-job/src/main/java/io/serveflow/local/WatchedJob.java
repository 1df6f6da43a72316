package io.serveflow.local;

import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Sums;

import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A job that is to run until we cancel it; once it has ended, every question fails with why. */
public final class WatchedJob {

    private static final int CLOSING_SECONDS = 30;

    private final JobClient client;
    private final CompletableFuture<JobExecutionResult> end;

    public WatchedJob(JobClient client) {
        this.client = client;
        this.end = client.getJobExecutionResult();
    }

    /** A job runs before its tasks have opened their models; their counters say when they have. */
    public boolean isReady() throws Exception {
        if (!isRunning()) {
            return false;
        }
        Map<String, Long> counters = sums().counters();
        return counters.containsKey(CounterNames.RECORDS_READ)
                && counters.containsKey(CounterNames.FLOWS_OPENED);
    }

    public boolean isRunning() throws Exception {
        return ask(client::getJobStatus) == JobStatus.RUNNING;
    }

    public Sums sums() throws Exception {
        return new Sums(MiniClusters.counters(ask(client::getAccumulators)));
    }

    /** Cancels the job, unless it has ended by itself, and waits until it is gone. */
    public void cancel() throws Exception {
        try {
            if (!end.isDone()) {
                client.cancel().get();
            }
            end.get();
        } catch (ExecutionException | IllegalStateException ended) {
            // a cancelled job ends so (CancellationException), and a cluster goes with its job
        }
    }

    /** Throws what ended the job, if anything did. */
    public void failIfEnded() throws Exception {
        if (end.isDone()) {
            end.get(); // throws the reason, if there is one
            throw new IOException("the job ended early");
        }
    }

    /** The cluster goes with its job, maybe while it is asked: then the job's reason counts. */
    private <T> T ask(Supplier<CompletableFuture<T>> question) throws Exception {
        try {
            return question.get().get();
        } catch (ExecutionException | RuntimeException unanswered) {
            try {
                end.get(CLOSING_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException running) {
                // then it was something else
            }
            throw unanswered;
        }
    }
}
