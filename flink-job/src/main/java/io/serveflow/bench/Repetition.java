package io.serveflow.bench;

import java.util.Map;

/**
 * What one repetition came to.
 *
 * @param seconds from the first packet sent (prefilled: read) to the last verdict in Kafka and the
 *     last packet read
 * @param flows flow segments that the job opened
 * @param verdicts distinct verdicts that a reader of the topic found
 * @param repeats verdicts that it found twice
 * @param cpu CPU seconds by part, and {@code total}
 * @param gcSeconds pauses of the collector
 * @param allowedCores where the threads of each part may run, as the kernel sees it
 * @param stages verdicts by stage
 * @param reasons verdicts by reason
 */
record Repetition(
        Pump.Load load,
        double seconds,
        long flows,
        long verdicts,
        long repeats,
        Map<String, Double> cpu,
        double gcSeconds,
        Map<String, String> allowedCores,
        Map<String, Long> stages,
        Map<String, Long> reasons) {

    double newFlowsPerSecond() {
        return load.flows() / seconds;
    }

    double packetsPerSecond() {
        return load.packets() / seconds;
    }

    /** Flows that no verdict was found for: sent or opened, whatever is more. */
    long lost() {
        return Math.max(flows, load.flows()) - verdicts;
    }

    double cpuPerMillionPackets(String part) {
        return cpu.getOrDefault(part, 0.0) / load.packets() * 1e6;
    }
}
