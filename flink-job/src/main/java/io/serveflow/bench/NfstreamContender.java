package io.serveflow.bench;

import io.serveflow.feature.FeatureSets;
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
import java.util.concurrent.TimeUnit;

/**
 * NFStream with the plan's ONNX models in a plug-in. It reads a capture file instead of a topic, so
 * it has no broker and no producer to pay for.
 */
final class NfstreamContender implements Contender {

    /**
     * The script ends by itself when one of its processes does; this is for what nobody foresaw.
     */
    private static final long PATIENCE_SECONDS = 600;

    private static final long SLOWEST_FLOWS_PER_SECOND = 100;
    private static final String SCRIPT = "/bench/nfstream_peer.py";

    private final String name;
    private final String asks;
    private final Path python;
    private final PeerCapture capture;
    private final Path directory;

    /**
     * Writes down which models to ask.
     *
     * @param asks which models these are, for a person
     * @param verdicts verdicts of our job by stage: as large a share of the flows goes from stage
     *     to stage
     */
    NfstreamContender(
            String name,
            String asks,
            Path python,
            PeerCapture capture,
            ServingPlan plan,
            Map<String, Long> verdicts)
            throws IOException {
        this.name = name;
        this.asks = asks;
        this.python = python;
        this.capture = capture;
        directory = Files.createDirectory(capture.directory().resolve(name));
        try (InputStream in = NfstreamContender.class.getResourceAsStream(SCRIPT)) {
            Files.copy(in, script(), StandardCopyOption.REPLACE_EXISTING);
        }
        Json.write(stagesFile(), stages(plan, verdicts));
    }

    private List<Map<String, Object>> stages(ServingPlan plan, Map<String, Long> verdicts)
            throws IOException {
        List<Double> passes =
                PassShares.of(plan.stages().stream().map(Stage::name).toList(), verdicts);
        List<Map<String, Object>> stages = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            Path file = directory.resolve(stage.name() + ".onnx");
            Files.write(file, plan.models().get(stage.file()));
            Map<String, Object> spec = new LinkedHashMap<>();
            spec.put("file", file.toString());
            spec.put("width", FeatureSets.named(stage.featureSet()).width(stage.packets()));
            spec.put("packets", stage.packets());
            spec.put("passes", passes.get(stages.size()));
            stages.add(spec);
        }
        return stages;
    }

    private Path script() {
        return directory.resolve("nfstream_peer.py");
    }

    private Path stagesFile() {
        return directory.resolve("stages.json");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "NFStream on a capture file, "
                + asks
                + ", one flow at a time in the plug-in of its one meter";
    }

    /** More of them would each read the whole capture for its share of the flows. */
    @Override
    public int parallelism() {
        return 1;
    }

    @Override
    public Outcome measure(long flows) throws Exception {
        Path figures = directory.resolve("figures.json");
        Path errors = directory.resolve("errors.txt");
        Files.deleteIfExists(figures);
        ProcessBuilder command =
                new ProcessBuilder(
                                python.toString(),
                                script().toString(),
                                capture.file(flows).toString(),
                                stagesFile().toString(),
                                figures.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(errors.toFile());
        run(command, flows, errors);
        return outcome(new ObjectMapper().readTree(figures.toFile()), errors);
    }

    private static void run(ProcessBuilder command, long flows, Path errors)
            throws IOException, InterruptedException {
        try (ChildProcess child = ChildProcess.start(command)) {
            long seconds = PATIENCE_SECONDS + flows / SLOWEST_FLOWS_PER_SECOND;
            if (!child.process().waitFor(seconds, TimeUnit.SECONDS)) {
                throw new NfstreamException("NFStream had not ended after " + seconds + " s");
            }
            int exit = child.process().exitValue();
            if (exit != 0) {
                throw new NfstreamException(
                        "NFStream failed with exit code " + exit + ": " + lastLine(errors));
            }
        }
    }

    private static Outcome outcome(JsonNode figures, Path errors) throws IOException {
        long seen = figures.path("flows").asLong();
        if (seen == 0 || figures.path("answered").asLong() < seen) {
            throw new NfstreamException(
                    "NFStream left flows without an answer: " + figures + " " + lastLine(errors));
        }
        return new Outcome(
                seen, figures.path("seconds").asDouble(), figures.path("cpu_seconds").asDouble());
    }

    private static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    }

    @Override
    public void close() {
        // what it wrote goes with the capture
    }
}
