package io.serveflow.local;

import org.apache.flink.api.common.JobStatus;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class JobTurnsTest {

    @Test
    void tellEveryRestartWithItsReasonAndNothingTwice() throws Exception {
        List<String> told = new ArrayList<>();
        Iterator<String> reasons = List.of("no room 1", "no room 2").iterator();
        JobTurns turns = new JobTurns(reasons::next, told::add);

        for (JobStatus status :
                List.of(
                        JobStatus.INITIALIZING,
                        JobStatus.CREATED,
                        JobStatus.RUNNING,
                        JobStatus.RUNNING,
                        JobStatus.RESTARTING,
                        JobStatus.RESTARTING,
                        JobStatus.CREATED,
                        JobStatus.RUNNING,
                        JobStatus.RESTARTING,
                        JobStatus.RUNNING,
                        JobStatus.FAILING)) {
            turns.see(status);
        }

        assertThat(told)
                .containsExactly(
                        "the job is running",
                        "the job restarts: no room 1",
                        "the job is running again",
                        "the job restarts: no room 2",
                        "the job is running again",
                        "the job is failing");
    }

    @Test
    void aReasonIsWhatTheInnermostCauseSays() {
        String trace =
                """
                org.apache.flink.runtime.JobException: outer
                \tat a.B.c(B.java:1)
                Caused by: java.lang.RuntimeException: between
                \tat a.B.d(B.java:2)
                Caused by: java.io.IOException: no room
                \t... 3 more
                """;

        assertThat(LastFailure.innermost(trace)).isEqualTo("java.io.IOException: no room");
        assertThat(LastFailure.innermost("alone\n\tat a.B.c(B.java:1)")).isEqualTo("alone");
        assertThat(LastFailure.innermost("")).isEmpty();
    }
}
