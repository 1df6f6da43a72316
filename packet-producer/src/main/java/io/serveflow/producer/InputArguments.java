package io.serveflow.producer;

import io.serveflow.capture.CaptureReader;
import io.serveflow.capture.Captures;
import io.serveflow.capture.LiveCapture;
import io.serveflow.capture.WatchedStream;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The arguments that say what to read: files, standard input or an interface. */
final class InputArguments {

    private static final int DEFAULT_SNAP_LENGTH = 256;
    private static final int DEFAULT_BUFFER_MEBIBYTES = 64;

    @Parameters(paramLabel = "FILE", description = "pcap or pcapng files, also in gzip; or -")
    private List<Path> files = List.of();

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "IFACE",
            description = "Capture this network interface instead of reading files")
    private String networkInterface;

    @Option(
            names = "--filter",
            paramLabel = "BPF",
            description = "What to capture of the interface, as tcpdump's filters")
    private String filter;

    @Option(
            names = "--snaplen",
            paramLabel = "BYTES",
            description =
                    "Bytes to capture of each frame of the interface (default: "
                            + DEFAULT_SNAP_LENGTH
                            + ")")
    private Integer snapLength;

    @Option(
            names = "--buffer-size",
            paramLabel = "MIB",
            description =
                    "Kernel buffer; more of it loses fewer frames (default: "
                            + DEFAULT_BUFFER_MEBIBYTES
                            + ")")
    private Integer bufferMebibytes;

    private LiveCapture liveCapture;

    /** Whether frames come from an interface, hence never end and cannot be waited for. */
    boolean live() {
        return networkInterface != null;
    }

    private boolean pipe() {
        return files.contains(Captures.STANDARD_INPUT);
    }

    /** Refuses combinations that make no sense. */
    void check(int loops) {
        require(live() == files.isEmpty(), "name capture files, or - for standard input, or -i");
        require(!pipe() || files.size() == 1, "- cannot be mixed with files");
        require(loops == 1 || !live() && !pipe(), "--loop needs files: a wire cannot be replayed");
        // Left alone, a filter would let through what its user believes kept back.
        require(live() || filter == null, "--filter needs -i: tcpdump -r FILE -w - filters files");
        require(live() || snapLength == null, "--snaplen needs -i: of files only headers are read");
        require(live() || bufferMebibytes == null, "--buffer-size needs -i: it is the kernel's");
        require(snapLength() >= 64, "--snaplen must be at least 64");
        require(
                bufferMebibytes() >= 1 && bufferMebibytes() <= 2047,
                "--buffer-size must be 1 to 2047 mebibytes");
    }

    private int snapLength() {
        return snapLength == null ? DEFAULT_SNAP_LENGTH : snapLength;
    }

    private int bufferMebibytes() {
        return bufferMebibytes == null ? DEFAULT_BUFFER_MEBIBYTES : bufferMebibytes;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Looks into the files, before anything else happens because of them. */
    void refuseUnreadable() throws IOException {
        for (Path file : files) {
            Captures.check(file);
        }
    }

    CaptureReader open(Runnable whenSilent, BooleanSupplier stopped) throws IOException {
        if (live()) {
            liveCapture =
                    LiveCapture.open(
                            new LiveCapture.Settings(
                                    networkInterface,
                                    filter == null ? "" : filter,
                                    snapLength(),
                                    bufferMebibytes() << 20),
                            whenSilent,
                            stopped);
            return liveCapture;
        }
        return pipe()
                ? Captures.open(new WatchedStream(System.in, whenSilent, stopped), "standard input")
                : Captures.open(files);
    }

    /** Bytes of all files; 0 = unknown. */
    long totalBytes() throws IOException {
        long total = 0;
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                return 0;
            }
            total += Files.size(file);
        }
        return total;
    }

    /** What a live capture lost; empty for any other. */
    String drops() {
        return liveCapture == null ? "" : liveCapture.drops();
    }
}
