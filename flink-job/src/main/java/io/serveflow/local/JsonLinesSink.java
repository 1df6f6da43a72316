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
        return writerTo(System.out);
    }

    SinkWriter<Verdict> writerTo(PrintStream standardOutput) {
        return new Writer(new BufferedOutputStream(new Checked(standardOutput), 1 << 16));
    }

    /**
     * A print stream keeps what goes wrong to itself, so it is asked after every piece. It is told
     * once: a writer that fails again when Flink closes it takes the cluster down, reason and all.
     */
    private static final class Checked extends OutputStream {

        private final PrintStream out;
        private boolean failed;

        Checked(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (failed) {
                return;
            }
            out.write(bytes, offset, length);
            failed = out.checkError();
            if (failed) {
                throw new IOException(
                        "cannot write to standard output: its reader was closed, or the disk is"
                                + " full");
            }
        }
    }

    private final class Writer implements SinkWriter<Verdict> {

        private final OutputStream out;

        Writer(OutputStream out) {
            this.out = out;
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
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
