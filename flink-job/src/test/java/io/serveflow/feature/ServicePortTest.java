package io.serveflow.feature;

import io.serveflow.flow.PacketList;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServicePortTest {

    private final FeatureSet set = FeatureSets.named("header-port");

    private float port(PacketList list) {
        return Wire.value(set, list, 1, "responder_port");
    }

    @Test
    void isTheDestinationOfTheOriginatorsPacket() {
        assertThat(port(Wire.one(Wire.IPV4_OF_SYN, Wire.SYN))).isEqualTo(443);
    }

    @Test
    void isTheSourceWhereTheResponderWasSeenFirst() {
        PacketList list = new PacketList();
        Wire.add(list, 0, false, Wire.IPV4_OF_ACK, Wire.ACK);

        assertThat(port(list)).isEqualTo(443);
    }

    @Test
    void isAbsentWhereItNamesNoService() {
        String ephemeral = Wire.SYN.replace("c00101bb", "c001c002");

        assertThat(port(Wire.one(Wire.IPV4_OF_SYN, ephemeral))).isEqualTo(-1);
        assertThat(port(Wire.one("45000038 00004000 40010000 0a000001 0a000002", "0303")))
                .isEqualTo(-1);
    }

    @Test
    void knowsRegisteredPorts() {
        assertThat(port(Wire.one(Wire.IPV4_OF_UDP, Wire.UDP))).isEqualTo(5353);
    }
}
