package io.serveflow.broker;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedBrokerITCase {

    @Test
    void saysThatItsPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedBroker.start(taken.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot start the embedded Kafka broker on port ")
                    .hasMessageContaining("Address already in use")
                    .hasMessageEndingWith("; --port names another");
        }
    }
}
