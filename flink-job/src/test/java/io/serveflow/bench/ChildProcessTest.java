package io.serveflow.bench;

import io.serveflow.testing.Await;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class ChildProcessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void endsWithAllThatItStarted() throws Exception {
        List<ProcessHandle> grandchildren;
        Process process;
        // The first cat waits for input that never comes, the second one for the first.
        try (ChildProcess child = ChildProcess.start(new ProcessBuilder("sh", "-c", "cat | cat"))) {
            process = child.process();
            Await.until("two grandchildren", PATIENCE, () -> process.descendants().count() == 2);
            grandchildren = process.descendants().toList();
        }

        assertThat(process.toHandle().isAlive()).isFalse();
        for (ProcessHandle grandchild : grandchildren) {
            Await.until("the end of a grandchild", PATIENCE, () -> !grandchild.isAlive());
        }
    }

    @Test
    void hasEndedAlsoWhenItWouldNot() throws Exception {
        ProcessBuilder deaf = new ProcessBuilder("sh", "-c", "trap '' TERM; echo deaf; exec cat");
        Process process;
        try (ChildProcess child = ChildProcess.start(deaf, Duration.ofSeconds(2))) {
            process = child.process();
            assertThat(process.inputReader().readLine()).isEqualTo("deaf");
        }

        assertThat(process.toHandle().isAlive()).isFalse();
    }
}
