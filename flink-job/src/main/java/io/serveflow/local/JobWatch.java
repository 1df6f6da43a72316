package io.serveflow.local;

import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Tells every turn that a job takes until it ends: a job that restarts for ever looks like one on a
 * quiet wire otherwise.
 */
final class JobWatch {

    /** Shorter than the pause that Flink makes before a restart. */
    private static final long LOOK_MILLIS = 250;

    private final JobClient job;
    private final JobTurns turns;
    private final CheckpointWatch checkpoints;

    JobWatch(JobClient job, URI webInterface, Consumer<String> voice) {
        this.job = job;
        JobRest rest = new JobRest(webInterface, job.getJobID());
        turns = new JobTurns(new LastFailure(rest)::next, voice);
        checkpoints = new CheckpointWatch(rest, voice);
    }

    /** Throws what ended the job, if anything did. */
    void untilEnd() throws ExecutionException, InterruptedException {
        // Asked for now, because the cluster goes away with its job.
        CompletableFuture<JobExecutionResult> end = job.getJobExecutionResult();
        while (true) {
            try {
                end.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException itGoesOn) {
                look();
            }
        }
    }

    private void look() throws InterruptedException {
        JobStatus now;
        try {
            now = job.getJobStatus().get();
        } catch (ExecutionException | RuntimeException unanswered) {
            return; // the job has ended, and its cluster with it
        }
        turns.see(now);
        if (now == JobStatus.RUNNING) {
            checkpoints.look();
        }
    }
}
