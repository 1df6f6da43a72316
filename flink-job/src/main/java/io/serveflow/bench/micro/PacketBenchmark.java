package io.serveflow.bench.micro;

import io.serveflow.bench.BenchSamples;
import io.serveflow.capture.CapturedFrame;
import io.serveflow.packet.PacketParser;
import io.serveflow.packet.SkipReason;
import io.serveflow.schema.CapturedPacket;
import io.serveflow.schema.CommunityId;
import io.serveflow.schema.FlowKey;
import io.serveflow.schema.MalformedRecordException;
import io.serveflow.schema.PacketDecoder;
import io.serveflow.schema.PacketEncoder;
import io.serveflow.schema.WriterSchemas;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is done once for every packet, each by itself, over the packets of the capture in turn. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PacketBenchmark {

    private final PacketParser parser = new PacketParser();
    private final PacketEncoder encoder = new PacketEncoder();
    private final PacketDecoder decoder = new PacketDecoder(new WriterSchemas());
    private final CommunityId communityId = new CommunityId();
    private final CapturedPacket target = new CapturedPacket();

    private List<CapturedFrame> frames;
    private List<CapturedPacket> packets;
    private List<byte[]> records;
    private List<FlowKey> keys;
    private int next;

    @Setup
    public void read() throws IOException {
        frames = BenchSamples.frames();
        packets = BenchSamples.packets();
        records = packets.stream().map(encoder::encode).toList();
        keys = packets.stream().map(packet -> FlowKey.of(packet, false)).toList();
    }

    private <T> T take(List<T> from) {
        next = next + 1 < from.size() ? next + 1 : 0;
        return from.get(next);
    }

    @Benchmark
    public SkipReason parse() {
        return parser.parse(take(frames), target);
    }

    @Benchmark
    public byte[] encode() {
        return encoder.encode(take(packets));
    }

    @Benchmark
    public CapturedPacket decode() throws MalformedRecordException {
        decoder.decode(take(records), target);
        return target;
    }

    @Benchmark
    public FlowKey key() {
        return FlowKey.of(take(packets), false);
    }

    @Benchmark
    public int hash() {
        return take(keys).hashCode();
    }

    @Benchmark
    public String communityId() {
        return communityId.of(take(keys));
    }
}
