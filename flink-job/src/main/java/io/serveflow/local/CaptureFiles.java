package io.serveflow.local;

import io.serveflow.capture.Captures;
import io.serveflow.decode.RawRecord;
import io.serveflow.job.Environments;
import io.serveflow.job.JobSettings;
import io.serveflow.types.StreamTypes;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The capture files that a command reads. */
final class CaptureFiles {

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Capture files, pcap or pcapng, also in gzip; - is standard input.")
    private List<Path> files;

    @Option(
            names = "--each",
            description = "Every file stands alone; the output names it in file.name.")
    private boolean each;

    @Option(
            names = "--keep-going",
            description = {
                "With --each: pass over files that cannot be read; they are told, and the exit code"
                        + " is 1."
            })
    private boolean keepGoing;

    @Option(
            names = "--decapsulate",
            description =
                    "Take the packets inside of IP-in-IP, GRE, ERSPAN, VXLAN, Geneve and GTP-U"
                            + " tunnels instead of the tunnels'.")
    private boolean decapsulate;

    private final List<String> unreadable = new ArrayList<>();

    /** Looks into every file, so that a wrong one is told before anything starts. */
    void check() throws IOException {
        if (keepGoing && !each) {
            throw new UsageException(
                    "--keep-going needs --each: the files of one wire are read whole or not at all");
        }
        List<Path> readable = new ArrayList<>();
        for (Path file : files) {
            try {
                Captures.check(file);
                readable.add(file);
            } catch (IOException e) {
                passOver(e);
            }
        }
        files = readable;
    }

    private void passOver(IOException wrong) throws IOException {
        boolean isLast = unreadable.size() + 1 == files.size();
        if (!keepGoing || isLast) {
            throw wrong;
        }
        unreadable.add(wrong.getMessage());
        System.err.println("serveflow: passed over: " + wrong.getMessage());
    }

    /** What is wrong with each file that was passed over. */
    List<String> unreadable() {
        return unreadable;
    }

    boolean each() {
        return each;
    }

    /** Names by wire where every file stands alone, else none. */
    List<String> namesIfEach() {
        return each ? names() : List.of();
    }

    List<Path> paths() {
        return files;
    }

    List<String> names() {
        return files.stream().map(Path::toString).toList();
    }

    /** The files as records of the packet topic, in order, with watermarks that follow them. */
    DataStream<RawRecord> records(StreamExecutionEnvironment env, JobSettings settings) {
        Environments.configure(env, settings);
        List<List<Path>> wires = each ? files.stream().map(List::of).toList() : List.of(files);
        DataStream<RawRecord> records =
                env.fromSource(
                                new CaptureSource(wires),
                                WatermarkStrategy.noWatermarks(),
                                "captures",
                                FrameTypes.FRAME)
                        .setParallelism(1)
                        .process(new FrameEncoding(decapsulate))
                        .returns(StreamTypes.RAW_RECORD)
                        .setParallelism(1);
        if (each) {
            // Files that stand alone have a clock each; flows end by their own packets' times, or
            // when everything was read.
            return records;
        }
        return records.assignTimestampsAndWatermarks(settings.watermarks(true)).setParallelism(1);
    }
}
