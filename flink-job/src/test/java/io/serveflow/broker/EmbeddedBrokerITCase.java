package io.serveflow.broker;

import io.serveflow.publish.KafkaConnection;
import io.serveflow.testing.Await;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedBrokerITCase {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Pattern SERVER_THREAD =
            Pattern.compile("kafka-|controller-|raft-|ExpirationReaper-");

    @TempDir Path directory;

    @Test
    void saysThatItsPortIsTakenAndLeavesNothingBehind() throws Exception {
        Set<Thread> before = threads();
        try (ServerSocket taken = taken()) {
            assertThatThrownBy(() -> start(taken.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot start the embedded Kafka broker on port ")
                    .hasMessageContaining("Address already in use")
                    .hasMessageEndingWith("; --port names another");
        }

        assertThat(directory).isEmptyDirectory();
        Await.until("the end of its threads", PATIENCE, () -> before.containsAll(threads()));
    }

    @Test
    void takesOtherPortsWhereItsOwnChoiceIsTaken() throws Exception {
        try (ServerSocket taken = taken()) {
            int free = free();
            Queue<int[]> choices =
                    new ArrayDeque<>(
                            List.of(
                                    new int[] {taken.getLocalPort(), free()},
                                    new int[] {free(), taken.getLocalPort()},
                                    new int[] {free, free()}));

            try (EmbeddedBroker broker = EmbeddedBroker.start(0, directory, choices::remove);
                    Admin admin =
                            new KafkaConnection(broker.bootstrapServers(), Map.of()).admin()) {
                assertThat(broker.bootstrapServers()).endsWith(":" + free);
                assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            }
        }
    }

    private EmbeddedBroker start(int port) throws IOException {
        return EmbeddedBroker.start(port, directory, () -> new int[] {free(), free()});
    }

    private static ServerSocket taken() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    private static int free() throws IOException {
        try (ServerSocket socket = taken()) {
            return socket.getLocalPort();
        }
    }

    /** Those of Kafka's servers that would keep a JVM from ending. */
    private static Set<Thread> threads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(t -> t.isDaemon() || !SERVER_THREAD.matcher(t.getName()).find());
        return threads;
    }
}
