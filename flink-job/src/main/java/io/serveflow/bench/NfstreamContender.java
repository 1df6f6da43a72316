package io.serveflow.bench;

import io.serveflow.feature.FeatureSets;
import io.serveflow.local.Narrator;
import io.serveflow.local.ScratchDirectory;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * NFStream with the plan's ONNX models in a plug-in. It reads a capture file instead of a topic, so
 * it has no broker and no producer to pay for.
 */
final class NfstreamContender implements Contender {

    private static final String SCRIPT = "/bench/nfstream_peer.py";

    private final Path python;
    private final ScratchDirectory scratch;
    private final Path directory;
    private final Narrator narrator;
    private final Trace trace;
    private final int overlap;

    NfstreamContender(Path python, CommonOptions common, LoadOptions load, Narrator narrator)
            throws IOException {
        this.python = python;
        this.narrator = narrator;
        this.overlap = load.overlap;
        trace = load.trace(common);
        scratch = ScratchDirectory.make("serveflow-bench-nfstream-");
        directory = scratch.path();
        try (InputStream in = NfstreamContender.class.getResourceAsStream(SCRIPT)) {
            Files.copy(in, script(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Writes down which models to ask.
     *
     * @param verdicts verdicts of our job by stage: as large a share of the flows goes from stage
     *     to stage
     */
    void ask(ServingPlan plan, Map<String, Long> verdicts) throws IOException {
        double left = verdicts.values().stream().mapToLong(Long::longValue).sum();
        List<Map<String, Object>> stages = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            double answered = verdicts.getOrDefault(stage.name(), 0L);
            Path file = directory.resolve(stage.name() + ".onnx");
            Files.write(file, plan.models().get(stage.file()));
            Map<String, Object> spec = new LinkedHashMap<>();
            spec.put("file", file.toString());
            spec.put("width", FeatureSets.named(stage.featureSet()).width(stage.packets()));
            spec.put("packets", stage.packets());
            spec.put("passes", left > 0 ? (left - answered) / left : 0);
            left -= answered;
            stages.add(spec);
        }
        Json.write(stagesFile(), stages);
    }

    private Path script() {
        return directory.resolve("nfstream_peer.py");
    }

    private Path stagesFile() {
        return directory.resolve("stages.json");
    }

    @Override
    public String name() {
        return "nfstream";
    }

    @Override
    public String description() {
        return "NFStream on a capture file, the same models one flow at a time in its plug-in";
    }

    @Override
    public Outcome measure(long flows) throws Exception {
        Path capture = directory.resolve("traffic.pcap");
        if (!Files.exists(capture)) {
            narrator.say("writing a capture of %,d flows for NFStream", flows);
            Traffic traffic = new Traffic(trace, overlap);
            try (PcapFile file = new PcapFile(capture)) {
                traffic.send(traffic.copiesFor(flows), file);
            }
        }
        narrator.say("nfstream reads %,d flows", flows);
        Path errors = directory.resolve("errors.txt");
        Process process =
                new ProcessBuilder(
                                python.toString(),
                                script().toString(),
                                capture.toString(),
                                stagesFile().toString())
                        .redirectError(errors.toFile())
                        .start();
        JsonNode figures = new ObjectMapper().readTree(process.getInputStream());
        process.waitFor();
        // Figures come when every flow was seen; NFStream's processes may still fail to part.
        if (figures.path("answered").asLong() == 0) {
            throw new IOException("NFStream failed: " + lastLine(errors) + " " + figures);
        }
        return new Outcome(
                figures.path("answered").asLong(),
                figures.path("seconds").asDouble(),
                figures.path("cpu_seconds").asDouble());
    }

    private static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    @Override
    public void close() throws IOException {
        scratch.close();
    }
}
