package io.serveflow.bench;

import io.serveflow.flow.FlowTimeouts;
import io.serveflow.job.JobOptions;
import io.serveflow.job.JobSettings;
import io.serveflow.local.OutputFile;
import io.serveflow.local.UnfitOptions;
import io.serveflow.model.PlanRepository;
import io.serveflow.model.ServingPlan;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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

    private static final String OF_THE_RIG = "the measurement has a broker and topics of its own";

    /** Options that would break the counting, and why. */
    private static final Map<String, String> NOT_HERE =
            Map.of(
                    JobOptions.VERDICT_FORMAT.key(), "the verdicts are counted as Avro records",
                    JobOptions.DELIVERY.key(),
                            "every record of the verdict topic counts as a verdict",
                    JobOptions.PARALLELISM.key(), "--parallelism says it",
                    JobOptions.BOOTSTRAP_SERVERS.key(), OF_THE_RIG,
                    JobOptions.PACKETS_TOPIC.key(), OF_THE_RIG,
                    JobOptions.VERDICTS_TOPIC.key(), OF_THE_RIG,
                    JobOptions.DEAD_LETTERS_TOPIC.key(), OF_THE_RIG,
                    JobOptions.GROUP_ID.key(), OF_THE_RIG,
                    JobOptions.STARTING_OFFSETS.key(), OF_THE_RIG);

    CommonOptions() {
        Machine.noteLoad();
    }

    /** Refuses at once what would be found out at the end of a long run. */
    void check() throws IOException {
        Given.positive("--repetitions", repetitions);
        settings();
        if (json != null) {
            OutputFile.check(json, "--json", capture == null ? List.of() : List.of(capture));
        }
    }

    /** Refuses that the user chooses the route where the measurement does. */
    void refuseRoute(String why) {
        UnfitOptions.refuse(others.keySet(), Map.of(JobOptions.ROUTE.key(), why));
    }

    /**
     * A flow that the slow model should see is worth its full cost where only speed counts. As if
     * the user had said it, so that it is reported with the rest.
     */
    void waitRatherThanShed() {
        waitRatherThanShed(others);
    }

    /** The same for one job alone. */
    static void waitRatherThanShed(Map<String, String> options) {
        options.putIfAbsent(JobOptions.SLOW_OVERLOAD.key(), "wait");
    }

    /** The job's options, over those of the rig. */
    Map<String, String> over(Map<String, String> rig) {
        UnfitOptions.refuse(others.keySet(), NOT_HERE);
        Map<String, String> options = new HashMap<>(rig);
        options.put(JobOptions.PLAN.key(), models);
        options.putAll(others);
        return options;
    }

    private JobSettings settings;

    /** The job's settings but for those of the rig; read once, for the plan's models are large. */
    private JobSettings settings() {
        if (settings == null) {
            settings = JobSettings.from(over(Map.of()));
        }
        return settings;
    }

    ServingPlan plan() {
        return settings().plan();
    }

    FlowTimeouts timeouts() {
        return settings().timeouts();
    }

    /** How far event time must move on after the last packet for every flow to be answered. */
    long drainNanos() {
        return timeouts().deadline() + 2 * timeouts().outOfOrder();
    }
}
