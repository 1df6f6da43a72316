package io.serveflow.bench.micro;

import io.serveflow.bench.BenchSamples;
import io.serveflow.feature.FeatureSet;
import io.serveflow.feature.FeatureSets;
import io.serveflow.flow.PacketList;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One row of features, of the first packet and of the first ten. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FeatureBenchmark {

    @Param({"header", "nprint"})
    public String set;

    @Param({"1", "10"})
    public int packets;

    private FeatureSet features;
    private List<PacketList> flows;
    private float[] row;
    private int next;

    @Setup
    public void read() throws IOException {
        features = FeatureSets.named(set);
        flows = BenchSamples.flows();
        row = new float[features.width(packets)];
    }

    @Benchmark
    public float[] features() {
        next = next + 1 < flows.size() ? next + 1 : 0;
        features.write(flows.get(next).take(packets), packets, row, 0);
        return row;
    }
}
