package io.serveflow.local;

import io.serveflow.flow.UncertainFlow;

import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Writes one row of features per flow; one writer, so that all matrices have the same order. */
final class FeatureSink implements Sink<UncertainFlow> {

    private static final long serialVersionUID = 1L;

    private final String set;
    private final List<Integer> depths;
    private final String directory;
    private final List<String> files;

    FeatureSink(String set, List<Integer> depths, String directory, List<String> files) {
        this.set = set;
        this.depths = List.copyOf(depths);
        this.directory = directory;
        this.files = List.copyOf(files);
    }

    @Override
    public SinkWriter<UncertainFlow> createWriter(WriterInitContext context) throws IOException {
        return new FeatureWriter(set, depths, Path.of(directory), files);
    }
}
