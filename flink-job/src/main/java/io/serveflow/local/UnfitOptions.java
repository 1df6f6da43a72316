package io.serveflow.local;

import java.util.Map;
import java.util.Set;

/** Options of the job that have no effect in a command; who gives one would believe they do. */
public final class UnfitOptions {

    /** Why these have none where capture files are read. */
    static final Map<String, String> FOR_FILES =
            Map.of(
                    "kafka.", "no broker is asked",
                    "schema.", "no registry is asked",
                    "clock.idleness", "a file is never silent",
                    "checkpoint.directory", "no checkpoints are taken");

    private UnfitOptions() {}

    /** {@code unfit}: why, by name, or by how names begin where that is to a dot. */
    public static void refuse(Set<String> options, Map<String, String> unfit) {
        unfit.forEach(
                (name, why) -> {
                    for (String option : options) {
                        if (option.equals(name) || name.endsWith(".") && option.startsWith(name)) {
                            throw new UsageException("-o " + option + ": not here, " + why);
                        }
                    }
                });
    }
}
