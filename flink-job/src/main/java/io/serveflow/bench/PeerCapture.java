package io.serveflow.bench;

import io.serveflow.local.Narrator;
import io.serveflow.local.ScratchDirectory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The traffic as a capture file, written once for all that read one, with room beside it. */
final class PeerCapture implements AutoCloseable {

    private final ScratchDirectory scratch;
    private final Trace trace;
    private final int overlap;
    private final Narrator narrator;

    PeerCapture(CommonOptions common, LoadOptions load, Narrator narrator) throws IOException {
        this.narrator = narrator;
        this.overlap = load.overlap;
        trace = load.trace(common);
        scratch = ScratchDirectory.make("serveflow-bench-peers-");
    }

    /** The file, with at least so many flows: all that the first who asks wants. */
    Path file(long flows) throws IOException {
        Path file = directory().resolve("traffic.pcap");
        if (!Files.exists(file)) {
            narrator.say("writing a capture of %,d flows", flows);
            Traffic traffic = new Traffic(trace, overlap);
            try (PcapFile pcap = new PcapFile(file)) {
                traffic.send(traffic.copiesFor(flows), pcap);
            }
        }
        return file;
    }

    /** A place for what else its readers need; goes with it. */
    Path directory() {
        return scratch.path();
    }

    @Override
    public void close() {
        scratch.close();
    }
}
