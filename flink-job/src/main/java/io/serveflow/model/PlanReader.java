package io.serveflow.model;

import io.serveflow.feature.FeatureSet;
import io.serveflow.feature.FeatureSets;
import io.serveflow.flow.Answer;
import io.serveflow.flow.FlowTimeouts;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Reads a plan.json of format 1 and checks it; every refusal names the file and the field. */
final class PlanReader {

    private static final int FORMAT = 1;
    private static final int MAX_STAGES = 16;
    private static final int MAX_CLASSES = 4096;
    private static final int MAX_PACKETS = 256;
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final String source;
    private final JsonNode root;
    private final List<String> labels;
    private final List<Stage> stages;

    PlanReader(String source, JsonNode root) {
        this.source = source;
        this.root = root;
        int format = integer(root, "formatVersion", 0, Integer.MAX_VALUE);
        if (format != FORMAT) {
            throw wrong("formatVersion", "is " + format + ", this release reads " + FORMAT);
        }
        this.labels = readLabels();
        this.stages = readStages();
    }

    List<Stage> stages() {
        return stages;
    }

    ServingPlan plan(Map<String, byte[]> models) {
        return new ServingPlan(
                text(root, "name"),
                text(root, "version"),
                text(root, "task"),
                labels,
                timeouts(root.path("timeouts")),
                stages,
                models);
    }

    private List<String> readLabels() {
        List<String> result = new ArrayList<>();
        for (JsonNode label : array(root, "labels", 2, MAX_CLASSES)) {
            if (!label.isTextual() || label.asText().isEmpty()) {
                throw wrong("labels", "holds something that is no name: " + label);
            }
            if (label.asText().equals(Answer.UNKNOWN)) {
                throw wrong("labels", "names a class unknown, which is no answer of a model");
            }
            result.add(label.asText());
        }
        if (new HashSet<>(result).size() != result.size()) {
            throw wrong("labels", "names a class twice");
        }
        return result;
    }

    private FlowTimeouts timeouts(JsonNode node) {
        FlowTimeouts d = FlowTimeouts.DEFAULTS;
        return new FlowTimeouts(
                nanos(node, "tcpIdleMillis", d.tcpIdle()),
                nanos(node, "udpIdleMillis", d.udpIdle()),
                nanos(node, "icmpIdleMillis", d.icmpIdle()),
                nanos(node, "halfOpenMillis", d.halfOpen()),
                nanos(node, "closedMillis", d.closed()),
                nanos(node, "activeMillis", d.active()),
                nanos(node, "deadlineMillis", d.deadline()),
                d.outOfOrder(),
                d.duplicate());
    }

    private long nanos(JsonNode node, String field, long otherwise) {
        if (!node.has(field)) {
            return otherwise;
        }
        return TimeUnit.MILLISECONDS.toNanos(integer(node, field, 1, Integer.MAX_VALUE));
    }

    private List<Stage> readStages() {
        List<Stage> result = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        for (JsonNode node : array(root, "stages", 1, MAX_STAGES)) {
            Stage stage = stage(node, result.size());
            // Prometheus knows counters by names in which all three signs are one.
            String other = names.put(stage.name().replaceAll("[.-]", "_"), stage.name());
            if (other != null) {
                throw wrong(
                        "stages",
                        other.equals(stage.name())
                                ? "has two stages named " + other
                                : "has stages that differ in . _ or - only: %s and %s"
                                        .formatted(other, stage.name()));
            }
            if (!result.isEmpty()) {
                Stage before = result.get(result.size() - 1);
                if (stage.fast() && !before.fast()) {
                    throw wrong("stages", "has a fast stage after a slow one: " + stage.name());
                }
                if (stage.packets() < before.packets()) {
                    throw wrong(
                            "stages", stage.name() + " needs fewer packets than the one before");
                }
                if (before.thresholds() == null) {
                    throw wrong("stages", before.name() + " needs thresholds: it is not the last");
                }
            }
            result.add(stage);
        }
        int last = result.size() - 1;
        result.set(last, result.get(last).always());
        return result;
    }

    private Stage stage(JsonNode node, int index) {
        String name = text(node, "name");
        if (!NAME.matcher(name).matches()) {
            throw wrong("stages.name", "has characters that are not allowed: " + name);
        }
        String operator = text(node, "operator");
        if (!operator.equals("fast") && !operator.equals("slow")) {
            throw wrong("stages.operator", "is " + operator + ", neither fast nor slow");
        }
        int packets = integer(node, "packets", 1, MAX_PACKETS);
        String file = text(node, "model.file");
        if (!FILE_NAME.matcher(file).matches()) {
            throw wrong("model.file", "must be a plain file name inside the bundle: " + file);
        }
        Stage stage =
                new Stage(
                        index,
                        name,
                        operator.equals("fast"),
                        packets,
                        text(node, "features.set"),
                        integer(node, "features.version", 0, Integer.MAX_VALUE),
                        text(node, "features.sha256"),
                        file,
                        text(node, "model.sha256"),
                        metric(node.path("uncertainty").asText("least-confidence")),
                        perClass(node, "thresholds"),
                        perClass(node, "reject.thresholds"),
                        none(node));
        if (stage.reject() != null && stage.none() != Stage.NEVER) {
            throw wrong("reject of stage " + name, "has thresholds and none; it may have one");
        }
        checkFeatures(stage);
        return stage;
    }

    private Uncertainty metric(String name) {
        try {
            return Uncertainty.named(name);
        } catch (ModelException e) {
            throw wrong("uncertainty", "is not usable: " + e.getMessage());
        }
    }

    private void checkFeatures(Stage stage) {
        FeatureSet set;
        try {
            set = FeatureSets.named(stage.featureSet());
        } catch (IllegalArgumentException e) {
            throw wrong("features of stage " + stage.name(), e.getMessage());
        }
        String actual = set.sha256(stage.packets());
        if (set.version() != stage.featureVersion() || !actual.equals(stage.featureSha256())) {
            throw wrong(
                    "features of stage " + stage.name(),
                    String.format(
                            "are %s version %d (%s), this release has version %d (%s);"
                                    + " train the bundle again",
                            stage.featureSet(),
                            stage.featureVersion(),
                            abbreviated(stage.featureSha256()),
                            set.version(),
                            abbreviated(actual)));
        }
    }

    private static String abbreviated(String sha256) {
        return sha256.substring(0, Math.min(12, sha256.length()));
    }

    private float[] perClass(JsonNode node, String field) {
        JsonNode values = at(node, field);
        if (values.isMissingNode() || values.isNull()) {
            return null;
        }
        if (!values.isArray() || (values.size() != 1 && values.size() != labels.size())) {
            throw wrong(field, "needs one number, or one for each of " + labels.size() + " labels");
        }
        float[] result = new float[values.size()];
        for (int i = 0; i < result.length; i++) {
            if (!values.get(i).isNumber()) {
                throw wrong(field, "holds something that is no number");
            }
            result[i] = (float) values.get(i).asDouble();
        }
        return result;
    }

    private float none(JsonNode node) {
        JsonNode value = at(node, "reject.none");
        if (value.isMissingNode() || value.isNull()) {
            return Stage.NEVER;
        }
        if (!value.isNumber() || !(value.asDouble() > 0 && value.asDouble() <= 1)) {
            throw wrong("reject.none", "must be a number above 0, at most 1");
        }
        return (float) value.asDouble();
    }

    private JsonNode array(JsonNode node, String field, int min, int max) {
        JsonNode values = node.path(field);
        if (!values.isArray() || values.size() < min || values.size() > max) {
            throw wrong(field, "must be a list of " + min + " to " + max + " entries");
        }
        return values;
    }

    /** The node that a dotted path names. */
    private static JsonNode at(JsonNode node, String path) {
        return node.at("/" + path.replace('.', '/'));
    }

    private String text(JsonNode node, String field) {
        JsonNode value = at(node, field);
        if (!value.isTextual() || value.asText().isEmpty()) {
            throw wrong(field, "is missing");
        }
        return value.asText();
    }

    private int integer(JsonNode node, String field, int min, int max) {
        JsonNode value = at(node, field);
        if (!value.isIntegralNumber() || value.asLong() < min || value.asLong() > max) {
            throw wrong(field, "must be a whole number from " + min + " to " + max);
        }
        return value.asInt();
    }

    private ModelException wrong(String field, String what) {
        return new ModelException(source + ": " + field + " " + what);
    }
}
