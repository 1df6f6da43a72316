package io.serveflow.local;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StandstillTest {

    private final Standstill standstill = new Standstill(2);

    @Test
    void isMetByLooksInVainThatFollowEachOther() {
        assertThat(standstill.after(7)).isFalse();
        assertThat(standstill.after(7)).isFalse();
        assertThat(standstill.after(6)).isFalse();
        assertThat(standstill.after(6)).isFalse();
        assertThat(standstill.after(6)).isTrue();
    }

    @Test
    void isNoneAtTheEnd() {
        assertThat(standstill.after(0)).isFalse();
        assertThat(standstill.after(0)).isFalse();
        assertThat(standstill.after(0)).isFalse();
    }
}
