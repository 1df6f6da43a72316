package io.serveflow.schema;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class IpAddressTest {

    /** The examples of RFC 5952. */
    @ParameterizedTest
    @CsvSource({
        "2001:0db8:0000:0000:0000:0000:0002:0001, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8:0:0:0:0:0:AA, 2001:db8::aa",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "fe80:0:0:0:0:0:0:0, fe80::",
        "192.0.2.1, 192.0.2.1",
        "255.255.255.255, 255.255.255.255"
    })
    void formatsAsUsual(String text, String expected) {
        assertThat(format(IpAddress.parse(text))).isEqualTo(expected);
    }

    @Test
    void textLeadsBackToTheAddress() throws UnknownHostException {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] address = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(address);
            for (int zeros = random.nextInt(address.length); zeros > 0; zeros--) {
                address[random.nextInt(address.length)] = 0;
            }

            assertThat(InetAddress.getByName(format(address)))
                    .isEqualTo(InetAddress.getByAddress(address));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "example.org", "1.2.3", "300.1.1.1", "1:2", "10"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> IpAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not an IP address: " + text);
    }

    private static String format(byte[] address) {
        boolean ipv6 = address.length == 16;
        return IpAddress.format(
                ipv6 ? IpAddress.readLong(address, 0) : 0,
                ipv6 ? IpAddress.readLong(address, 8) : IpAddress.readInt(address, 0) & 0xFFFFFFFFL,
                ipv6);
    }
}
