package io.serveflow.publish;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Why there is no way to a cluster, in one line with the remedy. */
class KafkaConnectionTest {

    @Test
    void namesTheFileThatCannotBeRead() {
        KafkaConnection connection =
                new KafkaConnection(
                        "127.0.0.1:1",
                        Map.of(
                                "security.protocol", "SSL",
                                "ssl.truststore.location", "/no/such/truststore.p12",
                                "ssl.truststore.password", "canary"));

        assertThatThrownBy(connection::admin)
                .isInstanceOf(PublishException.class)
                .hasMessageStartingWith("cannot use Kafka at 127.0.0.1:1: ")
                .hasMessageContaining("NoSuchFileException: /no/such/truststore.p12")
                .hasMessageNotContaining("canary");
    }

    /** As with a wrong password or a certificate that nobody vouches for: somebody does answer. */
    @Test
    void tellsWhyItIsTurnedAwayAndLooksForNoOtherBroker() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answering =
                    CompletableFuture.runAsync(() -> answerWithoutEncryption(plain));
            String servers = "127.0.0.1:" + plain.getLocalPort();

            assertThatThrownBy(
                            new KafkaConnection(servers, Map.of("security.protocol", "SSL"))::admin)
                    .isInstanceOf(PublishException.class)
                    .hasMessageStartingWith(
                            "cannot use Kafka at " + servers + ": SSL handshake failed: ");

            plain.close();
            answering.join();
        }
    }

    private static void answerWithoutEncryption(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                client.getInputStream().readNBytes(1);
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
