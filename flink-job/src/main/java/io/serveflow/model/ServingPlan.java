package io.serveflow.model;

import io.serveflow.flow.FlowTimeouts;

import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * Which models answer, in which order, and when one is sure enough, with the models' bytes: the job
 * carries its plan with it, so that no task manager needs a file.
 *
 * @param stages in order; those of the fast operator first
 * @param timeouts what the training assumed
 * @param models ONNX files by name
 */
public record ServingPlan(
        String name,
        String version,
        String task,
        List<String> labels,
        FlowTimeouts timeouts,
        List<Stage> stages,
        Map<String, byte[]> models)
        implements Serializable {

    public ServingPlan {
        labels = List.copyOf(labels);
        stages = List.copyOf(stages);
        models = Map.copyOf(models);
    }

    /** The stages that run beside the flow state. */
    public List<Stage> fastStages() {
        return stages.stream().filter(Stage::fast).toList();
    }

    /** The stages that uncertain flows go to; the last of all where the plan has no slow one. */
    public List<Stage> slowStages() {
        List<Stage> slow = stages.stream().filter(stage -> !stage.fast()).toList();
        return slow.isEmpty() ? stages.subList(stages.size() - 1, stages.size()) : slow;
    }

    /** Packets after which an uncertain flow leaves the fast operator. */
    public int packetsNeeded() {
        return stages.stream().mapToInt(Stage::packets).max().orElseThrow();
    }

    /** The stage with the index that an answer carries. */
    public Stage stage(int index) {
        for (Stage stage : stages) { // for every verdict: no stream, there are three or four
            if (stage.index() == index) {
                return stage;
            }
        }
        throw new IllegalArgumentException("no stage " + index + " in plan " + name);
    }

    /**
     * What the numbers in an answer mean: labels, stages and their models. Plans of equal identity
     * can take over each other's answers.
     */
    public String identity() {
        StringBuilder parts = new StringBuilder(String.join("\n", labels));
        for (Stage stage : stages) {
            parts.append('\n').append(stage.index()).append(' ').append(stage.fast());
            parts.append(' ').append(stage.packets()).append(' ').append(stage.sha256());
        }
        return parts.toString();
    }

    /** The same bundle, with every flow sent to one end of it. */
    public ServingPlan routed(Route route) {
        return switch (route) {
            case CASCADE -> this;
            case FAST -> with(lastAnswersAlways(firstPacketStages()));
            case SLOW -> with(List.of(stages.get(stages.size() - 1).always()));
        };
    }

    private List<Stage> firstPacketStages() {
        List<Stage> first =
                stages.stream().filter(stage -> stage.fast() && stage.packets() == 1).toList();
        return first.isEmpty() ? stages.subList(0, 1) : first;
    }

    private static List<Stage> lastAnswersAlways(List<Stage> stages) {
        List<Stage> routed = new java.util.ArrayList<>(stages);
        int last = routed.size() - 1;
        routed.set(last, routed.get(last).always());
        return routed;
    }

    private ServingPlan with(List<Stage> routed) {
        return new ServingPlan(name, version, task, labels, timeouts, routed, models);
    }
}
