package io.serveflow.broker;

import io.serveflow.publish.KafkaConnection;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class ServeflowTopicsITCase {

    private static final String FOR_EVER = "-1";
    private static final String ANY_TIME = String.valueOf(Long.MAX_VALUE);

    @Test
    void onlyPacketsHaveTimesThatAreNotTheWallClocks() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start()) {
            KafkaConnection kafka = new KafkaConnection(broker.bootstrapServers(), Map.of());

            assertThat(ServeflowTopics.ensure(kafka, "p", "v", "d", 3)).isEqualTo(3);
            assertThat(ServeflowTopics.ensure(kafka, "p", "v", "d", 5)).isEqualTo(3);

            try (Admin admin = kafka.admin()) {
                Config packets = config(admin, "p");
                assertThat(packets.get("retention.ms").value()).isEqualTo(FOR_EVER);
                assertThat(packets.get("message.timestamp.after.max.ms").value())
                        .isEqualTo(ANY_TIME);
                for (String result : List.of("v", "d")) {
                    Config config = config(admin, result);
                    assertThat(config.get("retention.ms").value()).isEqualTo("604800000");
                    assertThat(config.get("message.timestamp.after.max.ms").isDefault()).isTrue();
                    assertThat(config.get("message.timestamp.before.max.ms").isDefault()).isTrue();
                }
            }
        }
    }

    private static Config config(Admin admin, String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }
}
