package io.serveflow.feature;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TcpOptionsTest {

    private static final byte[] LINUX = Wire.bytes("020405b4 0402 080a000186a000000000 01 030307");
    private static final byte[] WINDOWS = Wire.bytes("020405b4 01 030308 01 01 0402");

    private static int order(byte[] options) {
        return TcpOptions.order(options, 0, options.length);
    }

    @Test
    void findsWhereAnOptionsValueStarts() {
        assertThat(TcpOptions.find(LINUX, 0, LINUX.length, TcpOptions.MAXIMUM_SEGMENT_SIZE))
                .isEqualTo(2);
        assertThat(TcpOptions.find(LINUX, 0, LINUX.length, TcpOptions.WINDOW_SCALE)).isEqualTo(19);
        assertThat(TcpOptions.find(WINDOWS, 0, WINDOWS.length, TcpOptions.TIMESTAMPS))
                .isEqualTo(-1);
    }

    @Test
    void writesTheKindsInTheirOrderThreeBitsEach() {
        // MSS 2, SACK 4, timestamps 7, NOP 1, scale 3, and three places left empty.
        assertThat(order(LINUX)).isEqualTo(Integer.parseInt("24713000", 8));
        assertThat(order(WINDOWS)).isEqualTo(Integer.parseInt("21311400", 8));
    }

    @Test
    void staysExactInAFloat() {
        byte[] sevens = Wire.bytes("080a" + "00".repeat(8) + "0802" + "0802".repeat(6));

        assertThat(order(sevens)).isEqualTo(Integer.parseInt("77777777", 8));
        assertThat((int) (float) order(sevens)).isEqualTo(order(sevens));
    }

    @Test
    void stopsAtTheEndOfTheList() {
        byte[] options = Wire.bytes("01 00 020405b4");

        assertThat(TcpOptions.find(options, 0, options.length, TcpOptions.MAXIMUM_SEGMENT_SIZE))
                .isEqualTo(-1);
        assertThat(order(options)).isEqualTo(Integer.parseInt("10000000", 8));
    }

    @Test
    void doesNotStandStillOnALengthThatCannotBe() {
        byte[] options = Wire.bytes("0500 020405b4");

        assertThat(TcpOptions.find(options, 0, options.length, TcpOptions.MAXIMUM_SEGMENT_SIZE))
                .isEqualTo(-1);
    }
}
