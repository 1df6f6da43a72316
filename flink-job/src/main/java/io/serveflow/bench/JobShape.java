package io.serveflow.bench;

import picocli.CommandLine.Option;

/** How wide the measured job is. */
final class JobShape {

    private static final int PARTITIONS_PER_SUBTASK = 2;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description =
                    "Subtasks of the job; default: half of the cores, for the producer and the"
                            + " broker need the other half.")
    private Integer parallelism;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of the topics; default: two per subtask.")
    private Integer partitions;

    void check() {
        Given.positive("--parallelism", subtasks());
        Given.positive("--partitions", partitions());
    }

    int subtasks() {
        return parallelism == null ? usual() : parallelism;
    }

    /** Subtasks where nobody asked for a number. */
    static int usual() {
        return Math.max(1, Machine.cores() / 2);
    }

    int partitions() {
        return partitions == null ? PARTITIONS_PER_SUBTASK * subtasks() : partitions;
    }
}
