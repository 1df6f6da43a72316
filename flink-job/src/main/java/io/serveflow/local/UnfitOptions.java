package io.serveflow.local;

import java.util.Map;
import java.util.Set;

/** Options of the job that have no effect in a command; who gives one would believe they do. */
final class UnfitOptions {

    /** Why those that begin with each of these have none where capture files are read. */
    static final Map<String, String> FOR_FILES =
            Map.of(
                    "kafka.", "no broker is asked",
                    "schema.", "no registry is asked",
                    "clock.idleness", "a file is never silent",
                    "checkpoint.directory", "no checkpoints are taken");

    private UnfitOptions() {}

    /** {@code unfit}: why, by how their names begin. */
    static void refuse(Set<String> options, Map<String, String> unfit) {
        unfit.forEach(
                (beginning, why) -> {
                    for (String option : options) {
                        if (option.startsWith(beginning)) {
                            throw new UsageException("-o " + option + ": not here, " + why);
                        }
                    }
                });
    }
}
