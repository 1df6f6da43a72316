package io.serveflow.local;

import io.serveflow.avro.Verdict;
import io.serveflow.output.VerdictJson;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Verdicts as JSON lines on standard output; one writer, so that lines stay whole. */
final class JsonLinesSink implements Sink<Verdict> {

    private static final long serialVersionUID = 1L;

    private final List<String> fileNames;

    /** {@code fileNames}: by domain; empty where there is one wire. */
    JsonLinesSink(List<String> fileNames) {
        this.fileNames = List.copyOf(fileNames);
    }

    @Override
    public SinkWriter<Verdict> createWriter(WriterInitContext context) {
        return new Writer(System.out);
    }

    private final class Writer implements SinkWriter<Verdict> {

        private final PrintStream standardOutput;
        private final OutputStream out;

        Writer(PrintStream standardOutput) {
            this.standardOutput = standardOutput;
            this.out = new BufferedOutputStream(standardOutput, 1 << 16);
        }

        @Override
        public void write(Verdict verdict, Context context) throws IOException {
            String file = fileNames.isEmpty() ? null : fileNames.get(verdict.getDomain());
            out.write(VerdictJson.line(verdict, file).getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            out.flush();
            if (standardOutput.checkError()) {
                throw new IOException("cannot write to standard output; was the reader closed?");
            }
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
