package io.serveflow.publish;

import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class PublishCountsTest {

    @Test
    void whatWasHandedOverIsPublishedOrFailedForAReason() {
        PublishCounts counts = new PublishCounts();
        for (int i = 0; i < 5; i++) {
            counts.handedOver();
        }
        counts.published();
        counts.published();
        counts.failed(new TimeoutException("broker is gone"));
        counts.failed(new TimeoutException("broker is gone for 2 s"));
        counts.failed(new IllegalStateException("closed"));
        counts.heartbeat();
        counts.heartbeatFailed();

        assertThat(counts.packetsHandedOver())
                .isEqualTo(counts.packetsPublished() + counts.packetsFailed());
        assertThat(counts.failedByReason())
                .isEqualTo(
                        Map.of(
                                "TimeoutException: broker is gone", 2L,
                                "IllegalStateException: closed", 1L));
        assertThat(counts.heartbeatsPublished()).isEqualTo(1);
        assertThat(counts.heartbeatsFailed()).isEqualTo(1);
    }
}
