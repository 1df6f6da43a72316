package io.serveflow.demo;

import io.serveflow.replay.Pace;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DemoRunTest {

    @Test
    void tellsThePaceAsItIs() {
        assertThat(DemoRun.text(Pace.TOP_SPEED)).isEqualTo("top speed");
        assertThat(DemoRun.text(times(10))).isEqualTo("10 times its own pace");
        assertThat(DemoRun.text(times(0.25))).isEqualTo("0.25 times its own pace");
        assertThat(DemoRun.text(times(1500))).isEqualTo("1500 times its own pace");
    }

    private static Pace times(double rate) {
        return new Pace(Pace.Unit.MULTIPLIER, rate);
    }
}
