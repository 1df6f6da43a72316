package io.serveflow.bench;

import io.serveflow.job.JobOptions;
import io.serveflow.model.PlanRepository;
import io.serveflow.model.ServingPlan;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What every measurement can be told. */
final class CommonOptions {

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
    Path json;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often to measure after the warm-up (default: ${DEFAULT-VALUE}).")
    int repetitions;

    @Option(
            names = "--capture",
            paramLabel = "FILE",
            description = "Another capture than the bundled one.")
    Path capture;

    @Option(
            names = "--models",
            paramLabel = "DIR",
            defaultValue = PlanRepository.DEFAULT,
            description = "Model bundle (default: ${DEFAULT-VALUE}).")
    String models;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "KEY=VALUE",
            description = "Any option of the job, for example fast.batch-size=256.")
    Map<String, String> others = new HashMap<>();

    /** The job's options, over those of the rig. */
    Map<String, String> over(Map<String, String> rig) {
        Map<String, String> options = new HashMap<>(rig);
        options.put(JobOptions.PLAN.key(), models);
        options.putAll(others);
        return options;
    }

    ServingPlan plan() {
        return new PlanRepository().load(models);
    }
}
