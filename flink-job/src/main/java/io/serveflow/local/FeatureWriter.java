package io.serveflow.local;

import io.serveflow.classify.FlowIds;
import io.serveflow.feature.FeatureSet;
import io.serveflow.feature.FeatureSets;
import io.serveflow.flow.PacketList;
import io.serveflow.flow.UncertainFlow;
import io.serveflow.schema.FlowKey;

import org.apache.flink.api.connector.sink2.SinkWriter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The directory that {@code features} writes: a table of flows, a matrix for each depth and, once
 * these are whole, their description. A directory without one holds what a run left that failed.
 */
final class FeatureWriter implements SinkWriter<UncertainFlow> {

    private static final long NANOS = 1_000_000_000L;
    private static final String DESCRIPTION = "features.json";
    private static final String DEPTH = "-p[0-9]+\\.npy";

    private final Path directory;
    private final FeatureSet set;
    private final List<String> files;
    private final Map<Integer, NpyWriter> matrices = new TreeMap<>();
    private final BufferedWriter flows;
    private boolean whole;

    FeatureWriter(String setName, List<Integer> depths, Path directory, List<String> files)
            throws IOException {
        this.directory = directory;
        this.set = FeatureSets.named(setName);
        this.files = files;
        Files.createDirectories(directory);
        clear(directory);
        // Ternary header bits fit a byte; everything else is a float.
        boolean bytes = setName.startsWith("nprint");
        for (int depth : new TreeSet<>(depths)) {
            Path file = directory.resolve(setName + "-p" + depth + ".npy");
            matrices.put(depth, new NpyWriter(file, set.width(depth), bytes));
        }
        flows = Files.newBufferedWriter(directory.resolve("flows.csv"));
        flows.write("file,flow_id,flow,protocol,source,sport,destination,dport,start,packets\n");
    }

    /**
     * Matrices of a run before, of other depths, would have rows of other flows. What else lies
     * there is not this command's.
     */
    private static void clear(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve(DESCRIPTION));
        try (DirectoryStream<Path> old =
                Files.newDirectoryStream(directory, FeatureWriter::isMatrix)) {
            for (Path matrix : old) {
                Files.delete(matrix);
            }
        }
    }

    private static boolean isMatrix(Path file) {
        String name = file.getFileName().toString();
        return FeatureSets.all().stream().anyMatch(set -> name.matches(set.name() + DEPTH));
    }

    private void describe() throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        root.put("set", set.name()).put("version", set.version());
        ObjectNode packets = root.putObject("packets");
        for (int depth : matrices.keySet()) {
            ObjectNode node = packets.putObject(String.valueOf(depth));
            node.put("sha256", set.sha256(depth));
            set.names(depth).forEach(node.putArray("names")::add);
        }
        json.writeValue(directory.resolve(DESCRIPTION).toFile(), root);
    }

    @Override
    public void write(UncertainFlow flow, Context context) throws IOException {
        PacketList packets = flow.waiting.packets;
        for (Map.Entry<Integer, NpyWriter> matrix : matrices.entrySet()) {
            int depth = matrix.getKey();
            NpyWriter writer = matrix.getValue();
            set.write(packets.take(depth), depth, writer.row(), 0);
            writer.writeRow();
        }
        FlowKey key = flow.key;
        boolean low = flow.originatorLow;
        packets.take(Integer.MAX_VALUE);
        long start = packets.timeNanos(0);
        flows.write(
                String.format(
                        Locale.ROOT,
                        "\"%s\",%016x%016x-%d,%s-%d,%d,%s,%d,%s,%d,%d.%06d,%d%n",
                        files.get(key.domain()).replace("\"", "\"\""),
                        key.hash64(),
                        flow.startNanos,
                        flow.segment,
                        FlowIds.flowId(key, flow.startNanos), // as in the flow's verdict
                        flow.segment,
                        key.protocol(),
                        low ? key.lowAddress() : key.highAddress(),
                        low ? key.lowPort() : key.highPort(),
                        low ? key.highAddress() : key.lowAddress(),
                        low ? key.highPort() : key.lowPort(),
                        start / NANOS,
                        start % NANOS / 1000,
                        packets.total()));
    }

    @Override
    public void flush(boolean endOfInput) throws IOException {
        flows.flush();
        whole = endOfInput;
    }

    @Override
    public void close() throws IOException {
        flows.close();
        for (NpyWriter matrix : matrices.values()) {
            matrix.close();
        }
        if (whole) {
            describe();
        }
    }
}
