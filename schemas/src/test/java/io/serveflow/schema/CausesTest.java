package io.serveflow.schema;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

import static org.assertj.core.api.Assertions.assertThat;

class CausesTest {

    @Test
    void tellsTheWholeWayToTheReasonAndNothingTwice() {
        Throwable missing = new NoSuchFileException("/etc/trust.p12");
        Throwable store = new IllegalStateException("cannot load\nthe store", missing);
        Throwable failure = new IOException("no client", new IllegalStateException(store));

        assertThat(Causes.text(failure))
                .isEqualTo("no client: cannot load: NoSuchFileException: /etc/trust.p12");
    }

    @Test
    void tellsAFailureThatHasNoCause() {
        assertThat(Causes.text(new IOException("refused"))).isEqualTo("IOException: refused");
    }
}
