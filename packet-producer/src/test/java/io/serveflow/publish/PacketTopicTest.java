package io.serveflow.publish;

import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Topics that somebody else made. */
class PacketTopicTest {

    private static final String FOR_EVER = "-1";
    private static final String ANY_TIME = String.valueOf(Long.MAX_VALUE);

    @Test
    void warnsOfWhatLosesPackets() {
        assertThat(warnings(FOR_EVER, ANY_TIME)).isEmpty();
        assertThat(warnings("604800000", ANY_TIME))
                .containsExactly(
                        "topic t deletes records 7 days after their capture time, those of older"
                                + " captures at once: set its retention.ms to -1");
        assertThat(warnings(FOR_EVER, "3600000"))
                .containsExactly(
                        "topic t refuses capture times more than 60 minutes ahead of the broker's"
                                + " clock, and what was sent with them: set its"
                                + " message.timestamp.after.max.ms to 9223372036854775807");
        assertThat(warnings("0", "0")).hasSize(2);
    }

    @Test
    void aBrokerThatDoesNotKnowASettingHasNoDangerOfIt() {
        Config old = new Config(List.of(new ConfigEntry("retention.ms", FOR_EVER)));

        assertThat(PacketTopic.warnings("t", old)).isEmpty();
    }

    private static List<String> warnings(String retention, String ahead) {
        return PacketTopic.warnings(
                "t",
                new Config(
                        List.of(
                                new ConfigEntry("retention.ms", retention),
                                new ConfigEntry("message.timestamp.after.max.ms", ahead))));
    }
}
