package io.serveflow.local;

import io.serveflow.job.JobOptions;
import io.serveflow.model.PlanRepository;
import io.serveflow.model.Route;

import picocli.CommandLine.Option;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Which models a command uses, and how many subtasks; and any option of the job. */
final class ModelOptions {

    @Option(
            names = "--models",
            paramLabel = "DIR",
            defaultValue = PlanRepository.DEFAULT,
            description =
                    "Model bundle: a directory, or service-recognition or device-identification"
                            + " (default: ${DEFAULT-VALUE}).")
    private String models;

    @Option(
            names = "--route",
            defaultValue = "cascade",
            description = "cascade, or fast or slow to send every flow to one end of the plan.")
    private Route route;

    @Option(names = "--parallelism", paramLabel = "N", description = "Subtasks; default: cores.")
    private Integer parallelism;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "KEY=VALUE",
            description = "Any option of the job, for example flow.deadline=5s; see run --help.")
    private Map<String, String> others = new HashMap<>();

    Map<String, String> options() {
        Map<String, String> options = new HashMap<>(others);
        options.put(JobOptions.PLAN.key(), models);
        options.put(JobOptions.ROUTE.key(), route.name().toLowerCase(Locale.ROOT));
        return options;
    }

    int parallelism() {
        int value = parallelism == null ? Runtime.getRuntime().availableProcessors() : parallelism;
        if (value < 1) {
            throw new UsageException("--parallelism must be at least 1: " + value);
        }
        return value;
    }
}
