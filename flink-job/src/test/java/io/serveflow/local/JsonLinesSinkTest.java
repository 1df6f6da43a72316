package io.serveflow.local;

import io.serveflow.avro.Reason;
import io.serveflow.avro.Verdict;
import io.serveflow.testing.SampleVerdict;

import org.apache.flink.api.connector.sink2.SinkWriter;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class JsonLinesSinkTest {

    private static final int MORE_THAN_ANY_BUFFER_HOLDS = 10_000;

    /** A capture may have hours to go when the reader of its verdicts has seen enough. */
    @Test
    void endsInTheMidstWhereNobodyReads() {
        SinkWriter<Verdict> writer =
                new JsonLinesSink(List.of()).writerTo(new PrintStream(new Closed()));
        Verdict verdict = SampleVerdict.of(Reason.CONFIDENT);

        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < MORE_THAN_ANY_BUFFER_HOLDS; i++) {
                                writer.write(verdict, null);
                            }
                        })
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot write to standard output");
        assertThatCode(writer::close)
                .as("closing, which Flink does then")
                .doesNotThrowAnyException();
    }

    private static final class Closed extends OutputStream {

        @Override
        public void write(int octet) throws IOException {
            throw new IOException("Broken pipe");
        }
    }
}
