package io.serveflow.bench;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WarmUpTest {

    @Test
    void withoutALimitThereIsNone() {
        assertThat(new WarmUp(0).over()).isTrue();
    }

    @Test
    void asksForOneLoadAtLeast() {
        assertThat(new WarmUp(1000).over()).isFalse();
    }
}
