package io.serveflow.local;

import org.apache.flink.api.common.JobStatus;

import java.util.Locale;
import java.util.function.Consumer;

/** What there is to say of a job each time that it is looked at. */
final class JobTurns {

    /** Why the job failed last. */
    @FunctionalInterface
    interface Reason {
        String next() throws InterruptedException;
    }

    private final Reason reason;
    private final Consumer<String> voice;
    private JobStatus before;
    private boolean ran;

    JobTurns(Reason reason, Consumer<String> voice) {
        this.reason = reason;
        this.voice = voice;
    }

    /** Says what has changed, if anything has. */
    void see(JobStatus now) throws InterruptedException {
        if (now == before) {
            return;
        }
        before = now;
        switch (now) {
            case INITIALIZING, CREATED -> {} // that it starts is said already
            case RUNNING -> {
                voice.accept(ran ? "the job is running again" : "the job is running");
                ran = true;
            }
            case RESTARTING -> voice.accept("the job restarts: " + reason.next());
            default -> voice.accept("the job is " + now.toString().toLowerCase(Locale.ROOT));
        }
    }
}
