package io.serveflow.schema;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The baseline values are those that the Community ID specification publishes. */
class CommunityIdTest {

    @ParameterizedTest
    @CsvFileSource(resources = "/community-id/baseline.csv", numLinesToSkip = 1)
    void equalsTheBaselineOfTheSpecification(
            int protocol,
            String source,
            String destination,
            int sourcePort,
            int destinationPort,
            String seed0,
            String seed1) {
        FlowKey key =
                FlowKey.of(
                        Packets.packet(protocol, source, sourcePort, destination, destinationPort),
                        false);

        assertThat(new CommunityId().of(key)).isEqualTo(seed0);
        assertThat(new CommunityId(1).of(key)).isEqualTo(seed1);
    }

    @Test
    void pingAndItsReplyHaveOneIdWhateverTheirCodes() {
        CommunityId id = new CommunityId();
        String ping = id.of(FlowKey.of(Packets.packet(1, "10.0.0.1", 8, "10.0.0.2", 0), false));
        String pong = id.of(FlowKey.of(Packets.packet(1, "10.0.0.2", 0, "10.0.0.1", 0), false));

        assertThat(ping).isEqualTo(pong);
    }

    @Test
    void vlanIsNotPartOfTheId() {
        CapturedPacket tagged = Packets.packet(Packets.TCP, "10.0.0.1", 1234, "10.0.0.2", 80);
        tagged.vlan = 7;
        CapturedPacket plain = Packets.packet(Packets.TCP, "10.0.0.1", 1234, "10.0.0.2", 80);
        CommunityId id = new CommunityId();

        assertThat(id.of(FlowKey.of(tagged, true))).isEqualTo(id.of(FlowKey.of(plain, true)));
    }
}
