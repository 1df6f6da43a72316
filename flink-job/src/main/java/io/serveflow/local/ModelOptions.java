package io.serveflow.local;

import io.serveflow.job.JobOptions;
import io.serveflow.model.PlanRepository;
import io.serveflow.model.Route;

import org.apache.flink.configuration.ConfigOption;

import picocli.CommandLine.Option;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Which models a command uses, and how many subtasks; and any option of the job. */
final class ModelOptions {

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description =
                    "Model bundle: a directory, or service-recognition or device-identification"
                            + " (default: "
                            + PlanRepository.DEFAULT
                            + ").")
    private String models;

    @Option(
            names = "--route",
            description =
                    "cascade (the default), or fast or slow to send every flow to one end of the"
                            + " plan.")
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
        if (models != null) {
            options.put(JobOptions.PLAN.key(), models);
        }
        if (route != null) {
            options.put(JobOptions.ROUTE.key(), route.name().toLowerCase(Locale.ROOT));
        }
        if (parallelism != null) {
            if (parallelism < 1) {
                throw new UsageException("--parallelism must be at least 1: " + parallelism);
            }
            options.put(JobOptions.PARALLELISM.key(), String.valueOf(parallelism));
        }
        return options;
    }

    /** Sets an option that the command does not leave to the user. */
    static void fix(Map<String, String> options, ConfigOption<?> option, String value) {
        if (options.put(option.key(), value) != null) {
            throw new UsageException(
                    "-o " + option.key() + ": this command sets it itself, to " + value);
        }
    }
}
