package io.serveflow.bench;

import java.util.List;
import java.util.Map;

/** Which part of the measured machine a thread belongs to, by its name. */
final class ThreadParts {

    static final String PRODUCER_CLIENT = "bench-producer";
    static final String OTHER = "other";

    /** Letters of a thread's name that Linux keeps. */
    private static final int KERNEL_NAME = 15;

    private record Rule(String prefix, String part) {}

    /** The first that fits. */
    private static final List<Rule> JAVA =
            List.of(
                    new Rule(PRODUCER_CLIENT, "producer"),
                    new Rule("kafka-producer-network-thread | " + PRODUCER_CLIENT, "producer"),
                    new Rule("kafka-producer-network-thread", "sink"),
                    new Rule("bench-", "bench"),
                    new Rule("narrator", "bench"),
                    new Rule("kafka-admin", "bench"),
                    new Rule("main", "bench"),
                    new Rule("Source Data Fetcher", "fetch"),
                    new Rule("Source", "source-decode"),
                    new Rule("fast", "fast"),
                    new Rule("slow", "slow"),
                    new Rule("map-", "map"),
                    new Rule("verdicts", "sink"),
                    new Rule("dead-letters", "sink"),
                    new Rule("OutputFlusher", "flush"),
                    new Rule("data-plane", "broker"),
                    new Rule("kafka-", "broker"),
                    new Rule("broker", "broker"),
                    new Rule("raft", "broker"),
                    new Rule("quorum", "broker"),
                    new Rule("controller", "broker"),
                    new Rule("Controller", "broker"),
                    new Rule("Expiration", "broker"),
                    new Rule("executor-", "broker"),
                    new Rule("SensorExpiry", "broker"),
                    new Rule("Throttled", "broker"),
                    new Rule("group-", "broker"),
                    new Rule("share-", "broker"),
                    new Rule("transaction", "broker"),
                    new Rule("Txn", "broker"),
                    new Rule("flink", "flink"),
                    new Rule("jobmanager", "flink"),
                    new Rule("mini-cluster", "flink"),
                    new Rule("pekko", "flink"),
                    new Rule("Time Trigger", "flink"),
                    new Rule("Timer", "flink"),
                    new Rule("Async", "flink"),
                    new Rule("Checkpoint", "flink"),
                    new Rule("Channel state", "flink"));

    /** As the kernel knows them: fifteen letters at most. */
    private static final Map<String, String> JVM =
            Map.of(
                    "GC Thread", "gc",
                    "G1 ", "gc",
                    "Z", "gc",
                    "Shenandoah", "gc",
                    "VM Thread", "gc",
                    "C1 Compiler", "jit",
                    "C2 Compiler", "jit");

    private ThreadParts() {}

    static String ofJava(String thread) {
        for (Rule rule : JAVA) {
            if (thread.startsWith(rule.prefix())) {
                return rule.part();
            }
        }
        return OTHER;
    }

    /** By the name as the kernel has it, which is cut. */
    static String ofKernel(String thread) {
        boolean cut = thread.length() == KERNEL_NAME;
        for (Rule rule : JAVA) {
            if (thread.startsWith(rule.prefix()) || cut && rule.prefix().startsWith(thread)) {
                return rule.part();
            }
        }
        return OTHER;
    }

    /** Null for threads that Java knows itself. */
    static String ofJvm(String command) {
        for (Map.Entry<String, String> entry : JVM.entrySet()) {
            if (command.startsWith(entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }
}
