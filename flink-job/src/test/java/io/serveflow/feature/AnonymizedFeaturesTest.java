package io.serveflow.feature;

import io.serveflow.flow.PacketList;
import io.serveflow.packet.Anonymizer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Models judge a packet without its addresses as they judge the packet. */
class AnonymizedFeaturesTest {

    private static final int RAW_IP = 101;
    private static final String ADDRESSES =
            "20010db8000000000000000000000001 ff020000000000000000000000000016";

    private static final String HOP_BY_HOP = "00 0502 0000 0100";
    private static final String DESTINATION = "01 c90c 20010db8 00000000 00000001";
    private static final String ROUTING = "02 0401 00000000 20010db8 00000000 00000000 00000001";
    private static final String FRAGMENT = "00 0001 12345678";
    private static final String AUTHENTICATION = "02 0000 12345678 00000001 aabbccdd";

    private static final String UDP = "14e914e9 00080abc";
    private static final String TCP = "c00101bb 00000001 00000000 6002faf0 fe300000 020405b4";
    private static final String REPORT = "8f001234 00000001";

    @ParameterizedTest
    @CsvSource({
        "58, 3a" + REPORT,
        "58, 00 3a" + HOP_BY_HOP + REPORT,
        "6, 3c 06" + DESTINATION + TCP,
        "6, 2b 06" + ROUTING + TCP,
        "17, 2c 11" + FRAGMENT + UDP,
        "17, 33 11" + AUTHENTICATION + UDP,
        "17, 2c 3c" + FRAGMENT + "11" + DESTINATION + UDP,
        "6, 00 3c" + HOP_BY_HOP + "2b" + DESTINATION + "2c" + ROUTING + "06" + FRAGMENT + TCP,
        "17, 00 2b" + HOP_BY_HOP + "33" + ROUTING + "3c" + AUTHENTICATION + "11" + DESTINATION + UDP
    })
    void rowsAreTheSame(int protocol, String fromNextHeader) {
        PacketList plain = list(fromNextHeader, false);
        PacketList anonymized = list(fromNextHeader, true);

        for (String name : new String[] {"header", "header-port", "nprint"}) {
            FeatureSet set = FeatureSets.named(name);
            assertThat(Wire.row(set, anonymized, 1)).isEqualTo(Wire.row(set, plain, 1));
        }
        assertThat(HeaderReader.protocol(anonymized, 0)).isEqualTo(protocol);
        assertThat(HeaderReader.fragment(anonymized, 0))
                .isEqualTo(fromNextHeader.contains(FRAGMENT));
    }

    private static PacketList list(String fromNextHeader, boolean anonymize) {
        String rest = fromNextHeader.replace(" ", "");
        int length = rest.length() / 2 - 1;
        String ip =
                "60000000 %04x %s 40".formatted(length, rest.substring(0, 2))
                        + ADDRESSES
                        + rest.substring(2);
        Anonymizer anonymizer = new Anonymizer(new byte[32]);
        return Wire.parsed(RAW_IP, ip, anonymize ? anonymizer::apply : packet -> {});
    }
}
