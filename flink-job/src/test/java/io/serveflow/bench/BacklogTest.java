package io.serveflow.bench;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BacklogTest {

    @Test
    void isNotWorthAWordWhereTheJobKeptUp() {
        assertThat(new Backlog(5000, 0.2).text()).isEmpty();
    }

    @Test
    void namesTheRateThatWasTooMuch() {
        assertThat(new Backlog(5000, 12.3).text())
                .contains("cannot keep up with 5,000 packets a second", "12.3 s", "--rate");
    }
}
