package io.serveflow.bench;

/** Something that classifies flows, measured beside others. */
interface Contender extends AutoCloseable {

    /**
     * What a load took.
     *
     * @param cpuSeconds of all that took part: for those that read from Kafka the broker and the
     *     producer as well
     */
    record Outcome(long flows, double seconds, double cpuSeconds) {

        double flowsPerSecond() {
            return flows / seconds;
        }

        double flowsPerCpuSecond() {
            return flows / cpuSeconds;
        }
    }

    String name();

    /** One line for a person. */
    String description();

    /** Subtasks of a job, or processes that meter: as many of each, or the comparison limps. */
    int parallelism();

    Outcome measure(long flows) throws Exception;
}
