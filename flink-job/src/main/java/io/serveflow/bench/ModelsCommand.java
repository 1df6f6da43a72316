package io.serveflow.bench;

import io.serveflow.local.Narrator;
import io.serveflow.model.ServingPlan;
import io.serveflow.model.Stage;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What each stage's model costs by batch size, in one thread. */
@Command(
        name = "models",
        mixinStandardHelpOptions = true,
        description = {
            "Time each stage of a model bundle, one thread, by batch size.",
            "",
            "Microseconds a flow: inference alone, and with features and gate."
        })
final class ModelsCommand implements Callable<Integer> {

    @Mixin private CommonOptions common;

    @Option(
            names = "--batches",
            paramLabel = "N,...",
            split = ",",
            defaultValue = "1,8,32,128,512",
            description = "Batch sizes (default: ${DEFAULT-VALUE}).")
    private List<Integer> batches;

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "300",
            description = "How long each figure is measured (default: ${DEFAULT-VALUE}).")
    private int millis;

    private final Narrator narrator = Narrator.named("bench");

    @Override
    public Integer call() throws Exception {
        common.check();
        batches.forEach(batch -> Given.positive("--batches", batch));
        Given.positive("--millis", millis);
        ServingPlan plan = common.plan();
        List<ModelTimer.Cost> costs = new ArrayList<>();
        try (narrator) {
            ModelTimer timer =
                    new ModelTimer(
                            plan,
                            SampleFlows.read(common.capture, plan.packetsNeeded()),
                            common.repetitions,
                            millis);
            for (Stage stage : plan.stages()) {
                for (int batch : batches) {
                    narrator.say("stage %s, batches of %d", stage.name(), batch);
                    costs.add(timer.time(stage, batch));
                }
            }
            narrator.progress(() -> "done " + timer.sink());
        }
        print(plan, costs);
        Json.write(common.json, json(plan, costs));
        return 0;
    }

    private void print(ServingPlan plan, List<ModelTimer.Cost> costs) {
        System.out.println(Machine.text());
        System.out.printf(
                "model %s %s, one thread, %d repetitions; microseconds a flow%n%n",
                plan.name(), plan.version(), common.repetitions);
        System.out.printf("%-12s %6s  %-32s %s%n", "stage", "batch", "inference", "with features");
        for (ModelTimer.Cost cost : costs) {
            System.out.printf(
                    "%-12s %6d  %-32s %s%n",
                    cost.stage(), cost.batch(), cost.model().text("%.3f"), cost.all().text("%.3f"));
        }
    }

    private Map<String, Object> json(ServingPlan plan, List<ModelTimer.Cost> costs) {
        Map<String, Map<String, Object>> stages = new LinkedHashMap<>();
        for (ModelTimer.Cost cost : costs) {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("inference_us_per_flow", cost.model().json());
            figures.put("all_us_per_flow", cost.all().json());
            stages.computeIfAbsent(cost.stage(), s -> new LinkedHashMap<>())
                    .put(String.valueOf(cost.batch()), figures);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "models");
        json.put("machine", Machine.json());
        json.put("model", plan.name() + " " + plan.version());
        json.put("threads", 1);
        json.put("repetitions", common.repetitions);
        json.put("stages", stages);
        return json;
    }
}
