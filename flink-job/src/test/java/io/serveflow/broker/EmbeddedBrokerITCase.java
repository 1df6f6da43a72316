package io.serveflow.broker;

import io.serveflow.testing.Await;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedBrokerITCase {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern SERVER_THREAD =
            Pattern.compile("kafka-|controller-|raft-|ExpirationReaper-");

    @Test
    void saysThatItsPortIsTakenAndLeavesNothingBehind() throws Exception {
        Set<Thread> before = threads();
        try (ServerSocket taken = taken()) {
            assertThatThrownBy(() -> EmbeddedBroker.start(taken.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot start the embedded Kafka broker on port ")
                    .hasMessageContaining("Address already in use")
                    .hasMessageEndingWith("; --port names another");
        }

        Await.until("the end of its threads", PATIENCE, () -> before.containsAll(threads()));
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    /** Those of Kafka's servers that would keep a JVM from ending. */
    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(t -> t.isDaemon() || !SERVER_THREAD.matcher(t.getName()).find());
        return threads;
    }
}
