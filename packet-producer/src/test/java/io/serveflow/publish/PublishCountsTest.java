package io.serveflow.publish;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

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

        assertThat(counts.packetsPublished()).isEqualTo(8);
        assertThat(counts.packetsFailed()).isEqualTo(5);
        assertThat(counts.failures())
                .containsExactly(
                        new PublishFailure("IllegalStateException: closed", 1, false),
                        new PublishFailure("TimeoutException: broker is gone", 4, false));
    }

    @Test
    void recordsThatKafkaRefusesAreToldFromABrokerThatIsGone() {
        PublishCounts counts = new PublishCounts();
        counts.failed(1, new InvalidTimestampException("in 2055"));
        counts.failed(1, new InvalidRecordException("in 2056"));
        counts.failed(9, new KafkaException("it was part of a batch which had invalid records"));
        assertThat(counts.failures()).hasSize(3).allMatch(PublishFailure::everyTime);

        counts.failed(1, new KafkaException("at least one previous request has failed"));
        counts.failed(1, new KafkaException((String) null));
        assertThat(counts.failures())
                .filteredOn(failure -> !failure.everyTime())
                .extracting(PublishFailure::packets)
                .containsExactly(2L);
    }

    @Test
    void ofHeartbeatsTheLatestCounts() {
        PublishCounts counts = new PublishCounts();
        assertThat(counts.lastHeartbeatFailed()).isFalse();

        counts.heartbeatFailed(1000, new TimeoutException("broker is gone"));
        assertThat(counts.lastHeartbeatFailed()).isTrue();
        counts.heartbeat(2000);
        counts.heartbeatFailed(1000, new TimeoutException("broker is gone for 2 s"));
        assertThat(counts.lastHeartbeatFailed()).isFalse();
        counts.heartbeatFailed(2000, new TimeoutException("broker is gone")); // other partition
        assertThat(counts.lastHeartbeatFailed()).isTrue();

        assertThat(counts.heartbeatsPublished()).isEqualTo(1);
        assertThat(counts.heartbeatsFailed()).isEqualTo(3);
        assertThat(counts.heartbeatFailure())
                .contains(new PublishFailure("TimeoutException: broker is gone", 0, false));
    }
}
