package io.serveflow.bench;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ThreadPartsTest {

    @ParameterizedTest(name = "{0} is of {1}")
    @CsvSource({
        "kafka-producer-network-thread | bench-producer, producer",
        "kafka-producer-network-thread | producer-3, sink",
        "bench-producer-loop, producer",
        "data-plane-kafka-request-handler-1, broker",
        "data-plane-kafka-network-thread-1-ListenerName(PLAINTEXT)-PLAINTEXT-0, broker",
        "Source: packets -> decode (1/2)#0, source-decode",
        "Source Data Fetcher for Source: packets (1/2)#0, fetch",
        "fast -> verdicts-fast: Writer (2/2)#0, fast",
        "slow-model-1, slow",
        "OutputFlusher for Source: packets, flush",
        "bench-reader, bench",
        "whatever, other"
    })
    void partsFollowFromNames(String thread, String part) {
        assertThat(ThreadParts.ofJava(thread)).isEqualTo(part);
    }
}
