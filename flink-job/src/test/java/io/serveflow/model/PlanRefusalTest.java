package io.serveflow.model;

import io.serveflow.testing.Bundle;
import io.serveflow.testing.Plans;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A plan that cannot be served is refused in one line that names the file and the field. */
class PlanRefusalTest {

    @TempDir Path directory;

    private Bundle bundle;

    @BeforeEach
    void copy() {
        bundle = Bundle.copyTo(directory);
    }

    @Test
    void loadsTheUntouchedCopy() {
        ServingPlan plan = new PlanRepository().load(directory.toString());

        assertThat(plan.stages()).hasSameSizeAs(Plans.bundled().stages());
        assertThat(plan.labels()).isEqualTo(Plans.bundled().labels());
        assertThat(plan.models()).containsOnlyKeys(Plans.bundled().models().keySet());
    }

    @Test
    void refusesAPlanOfAnotherFormat() {
        edited(plan -> plan.put("formatVersion", 2), "formatVersion is 2, this release reads 1");
        edited(plan -> plan.remove("formatVersion"), "formatVersion must be a whole number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "version", "task"})
    void refusesAPlanWithoutIdentity(String field) {
        edited(plan -> plan.remove(field), field + " is missing");
    }

    @Test
    void refusesLabelsThatAreNone() {
        edited(plan -> plan.putArray("labels").add("one"), "labels must be a list of 2 to");
        edited(plan -> plan.putArray("labels").add("a").add("a"), "labels names a class twice");
        edited(plan -> plan.putArray("labels").add("a").add("unknown"), "a class unknown");
        edited(plan -> plan.putArray("labels").add("a").add(7), "labels holds something");
    }

    @Test
    void refusesAPlanWithoutStages() {
        edited(plan -> plan.remove("stages"), "stages must be a list of 1 to 16");
        edited(plan -> plan.putArray("stages"), "stages must be a list of 1 to 16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"features.set", "features.sha256", "model.file", "model.sha256", "name"})
    void refusesAStageThatLacksAField(String path) {
        int dot = path.indexOf('.');
        String parent = dot < 0 ? "" : "/" + path.substring(0, dot);
        editedStage(
                stage -> ((ObjectNode) stage.at(parent)).remove(path.substring(dot + 1)),
                path + " is missing");
    }

    @Test
    void refusesFeaturesThatItDoesNotCompute() {
        editedStage(
                stage -> stage.withObject("/features").put("set", "magic"),
                "features of stage fast No feature set \"magic\"; there are header");
        editedStage(
                stage -> stage.withObject("/features").put("sha256", "0123456789abcdef"),
                "train the bundle again");
        editedStage(
                stage -> stage.withObject("/features").put("version", 99),
                "features of stage fast are header version 99");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../fast.onnx", "/etc/passwd", "a/b.onnx", "..", ".hidden", "a\\b"})
    void refusesFileNamesThatLeadOutOfTheBundle(String name) {
        editedStage(
                stage -> stage.withObject("/model").put("file", name),
                "model.file must be a plain file name inside the bundle: " + name);
    }

    @Test
    void refusesStagesInAnImpossibleOrder() {
        edited(
                plan -> {
                    ((ObjectNode) plan.at("/stages/0")).put("operator", "slow");
                    ((ObjectNode) plan.at("/stages/1")).put("operator", "fast");
                },
                "has a fast stage after a slow one");
        editedStage(stage -> stage.put("operator", "quick"), "stages.operator is quick");
        editedStage(stage -> stage.put("packets", 0), "packets must be a whole number from 1");
        editedStage(stage -> stage.put("packets", 1e9), "packets must be a whole number from 1");
        editedStage(stage -> stage.put("name", "slow"), "stages has two stages named slow");
        editedStage(stage -> stage.remove("thresholds"), "fast needs thresholds");
    }

    @Test
    void refusesStagesWhoseCountersWouldHaveOneName() {
        edited(
                plan -> {
                    ((ObjectNode) plan.at("/stages/0")).put("name", "a-1.x");
                    ((ObjectNode) plan.at("/stages/1")).put("name", "a_1-x");
                },
                "stages has stages that differ in . _ or - only: a-1.x and a_1-x");
    }

    @Test
    void refusesThresholdsAndMetricsThatAreNone() {
        editedStage(stage -> stage.putArray("thresholds").add(0.1).add(0.2), "needs one number");
        editedStage(stage -> stage.putArray("thresholds").add("x"), "that is no number");
        editedStage(stage -> stage.put("uncertainty", "variance"), "uncertainty is not usable");
        editedStage(
                stage -> stage.putObject("reject").put("thresholds", "x"),
                "reject.thresholds needs one number");
    }

    @Test
    void refusesAShareOfNoClassThatIsNone() {
        editedStage(
                stage -> stage.putObject("reject").put("none", 0),
                "reject.none must be a number above 0, at most 1");
        editedStage(
                stage -> stage.putObject("reject").put("none", "x"),
                "reject.none must be a number above 0, at most 1");
        editedStage(
                stage -> stage.putObject("reject").put("none", 0.5).put("thresholds", 0.5),
                "reject.thresholds needs one number");
        editedStage(
                stage -> stage.putObject("reject").put("none", 0.5).putArray("thresholds").add(0.5),
                "has thresholds and none; it may have one");
    }

    @Test
    void refusesTimeoutsOfNoTime() {
        edited(
                plan -> plan.putObject("timeouts").put("udpIdleMillis", 0),
                "udpIdleMillis must be a whole number from 1");
    }

    @Test
    void refusesAModelThatIsNotTheOneThePlanMeans() throws IOException {
        byte[] onnx = Files.readAllBytes(directory.resolve("fast.onnx"));
        onnx[onnx.length / 2] ^= 1;
        bundle.write("fast.onnx", onnx);

        refused("fast.onnx: SHA-256 is ", "the file was changed or damaged, restore the bundle");
    }

    @Test
    void refusesABundleWithoutItsModel() throws IOException {
        Files.delete(directory.resolve("fast.onnx"));

        refused("fast.onnx: no such file; is this a model bundle?");
    }

    @Test
    void refusesAModelForOtherLabels() {
        bundle.edit(
                plan -> {
                    plan.withArray("labels").add("one more");
                    for (JsonNode stage : plan.withArray("stages")) {
                        ((ObjectNode) stage).remove("reject");
                        ((ObjectNode) stage).putArray("thresholds").add(0.1);
                    }
                });

        refused("fast.onnx: output probabilities should be float");
    }

    @Test
    void refusesWhatIsNoPlanAtAll() {
        bundle.write("plan.json", "{\"name\": ".getBytes(UTF_8));
        refused("plan.json: is no JSON");
        bundle.write("plan.json", new byte[0]);
        refused("plan.json: formatVersion must be a whole number");
        bundle.write("plan.json", "[1, 2]".getBytes(UTF_8));
        refused("plan.json: formatVersion must be a whole number");
        bundle.write("plan.json", "[".repeat(100_000).getBytes(UTF_8));
        refused("plan.json: is no JSON");
        bundle.write("plan.json", " ".repeat((4 << 20) + 1).getBytes(UTF_8));
        refused("plan.json: too large");
    }

    @Test
    void refusesALocationThatIsNone() {
        assertThatThrownBy(() -> new PlanRepository().load("no-such-plan"))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("no-such-plan: neither a directory nor a bundled plan");
        assertThatThrownBy(() -> new PlanRepository().load(directory + "/plan.json"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("is no directory; name the one that holds plan.json");
    }

    private void edited(Consumer<ObjectNode> change, String reason) {
        bundle.edit(change);
        refused("plan.json: ", reason);
    }

    private void editedStage(Consumer<ObjectNode> change, String reason) {
        bundle.editStage(0, change);
        refused("plan.json: ", reason);
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> new PlanRepository().load(directory.toString()))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(parts)
                .message()
                .hasLineCount(1);
    }
}
