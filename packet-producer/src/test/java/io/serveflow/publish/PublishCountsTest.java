package io.serveflow.publish;

import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class PublishCountsTest {

    @Test
    void packetsArePublishedOrFailedForAReason() {
        PublishCounts counts = new PublishCounts();
        counts.published(1);
        counts.published(7);
        counts.failed(3, new TimeoutException("broker is gone"));
        counts.failed(1, new TimeoutException("broker is gone for 2 s"));
        counts.failed(1, new IllegalStateException("closed"));
        counts.heartbeat();
        counts.heartbeatFailed();

        assertThat(counts.packetsPublished()).isEqualTo(8);
        assertThat(counts.packetsFailed()).isEqualTo(5);
        assertThat(counts.failedByReason())
                .isEqualTo(
                        Map.of(
                                "TimeoutException: broker is gone", 4L,
                                "IllegalStateException: closed", 1L));
        assertThat(counts.heartbeatsPublished()).isEqualTo(1);
        assertThat(counts.heartbeatsFailed()).isEqualTo(1);
    }
}
