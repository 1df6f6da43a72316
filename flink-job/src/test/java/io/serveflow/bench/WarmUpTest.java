package io.serveflow.bench;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WarmUpTest {

    private long seconds;
    private long compiledMillis;

    @Test
    void withoutALimitThereIsNone() {
        assertThat(new WarmUp(0).over()).isTrue();
    }

    @Test
    void asksForOneLoadAtLeast() {
        assertThat(new WarmUp(1000).over()).isFalse();
    }

    @Test
    void isWarmOnceTheCompilerRests() {
        WarmUp warmUp = new WarmUp(1000, () -> seconds * 1_000_000_000L, () -> compiledMillis);
        assertThat(warmUp.over()).isFalse();
        passes(10, 5000);
        assertThat(warmUp.over()).isFalse();
        passes(10, 1000);
        assertThat(warmUp.over()).isTrue();

        assertThat(warmUp.warm()).isTrue();
    }

    @Test
    void isNotWarmWhereOnlyTheTimeIsUp() {
        WarmUp warmUp = new WarmUp(10, () -> seconds * 1_000_000_000L, () -> compiledMillis);
        assertThat(warmUp.over()).isFalse();
        passes(10, 5000);
        assertThat(warmUp.over()).isTrue();

        assertThat(warmUp.warm()).isFalse();
    }

    private void passes(long moreSeconds, long moreMillis) {
        seconds += moreSeconds;
        compiledMillis += moreMillis;
    }
}
