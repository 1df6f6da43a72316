package io.serveflow.bench;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The job on so many cores.
 *
 * @param allowed numbers of the cores
 * @param measured flows a second with the broker on the same cores
 * @param job flows a second if the job had had the others' time as well
 * @param micros CPU microseconds of the job a flow
 * @param others their share of the CPU time
 * @param warm whether the compiler rested before anything was measured
 */
record ScalingPoint(
        int cores,
        String allowed,
        Spread measured,
        double job,
        double micros,
        double others,
        boolean warm) {

    /** Parts whose time is not the job's. */
    private static final List<String> OTHERS = List.of("broker", "producer", "bench", "jit");

    /** From what {@code bench throughput} wrote. */
    static ScalingPoint of(int cores, String allowed, JsonNode figures) {
        JsonNode flows = figures.path("new_flows_per_second");
        Spread measured =
                new Spread(
                        flows.path("median").asDouble(),
                        flows.path("min").asDouble(),
                        flows.path("max").asDouble());
        JsonNode cpu = figures.path("cpu_seconds_per_million_packets");
        double total = cpu.path("total").asDouble();
        double others = OTHERS.stream().mapToDouble(part -> cpu.path(part).asDouble()).sum();
        double packetsPerFlow = figures.path("packets_sent_per_flow").asDouble();
        double share = others / total;
        return new ScalingPoint(
                cores,
                allowed,
                measured,
                measured.median() / (1 - share),
                (total - others) * packetsPerFlow,
                share,
                figures.path("warm").asBoolean());
    }

    Map<String, Object> json(ScalingPoint first) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cores", cores);
        json.put("allowed_cores", allowed);
        json.put("new_flows_per_second", measured.json());
        json.put("others_cpu_share", others);
        json.put("job_flows_per_second", job);
        json.put("job_cpu_us_per_flow", micros);
        json.put("speedup", job / first.job);
        json.put("warm", warm);
        return json;
    }

    /** A line of the table. */
    String row(ScalingPoint first) {
        return String.format(
                "%5d  %-34s %14.1f %,14.0f %12.1f %8.2f%n",
                cores, measured.text("%,.0f"), 100 * others, job, micros, job / first.job);
    }
}
