package io.serveflow.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Every measurement once, on next to nothing: that it works, never how fast. */
class BenchITCase {

    @TempDir private Path directory;

    @Test
    void throughputCountsEveryFlow() throws Exception {
        JsonNode json =
                bench(
                        "throughput",
                        "--flows=2000",
                        "--overlap=4",
                        "--warm-up=0",
                        "--repetitions=1",
                        "--state-flows=1000");

        assertThat(json.path("cores").asInt()).isPositive();
        assertThat(json.path("packets_per_flow").asInt()).isEqualTo(10);
        assertThat(json.at("/new_flows_per_second/median").asDouble()).isPositive();
        assertThat(json.at("/packets_per_second/max").asDouble()).isPositive();
        assertThat(json.path("lost").asLong()).isZero();
        assertThat(json.path("repeats").asLong()).isZero();
        assertThat(json.path("flows").asLong()).isGreaterThanOrEqualTo(2000);
        assertThat(json.path("verdicts")).isEqualTo(json.path("flows"));
        assertThat(sum(json.path("stage_share"))).isBetween(0.999, 1.001);
        assertThat(json.at("/state_bytes_per_flow/answered").asDouble()).isPositive();
        assertThat(json.at("/state_bytes_per_flow/waiting").asDouble())
                .isGreaterThan(json.at("/state_bytes_per_flow/answered").asDouble());
        assertThat(json.at("/cpu_seconds_per_million_packets/total").asDouble()).isPositive();
    }

    @Test
    void throughputDrainsAFilledTopicOfFlowHeads() throws Exception {
        JsonNode json =
                bench(
                        "throughput",
                        "--prefill",
                        "--head=3",
                        "--warm-up=0",
                        "--flows=1000",
                        "--overlap=4",
                        "--repetitions=1",
                        "--skip-state");

        assertThat(json.path("mode").asText()).isEqualTo("prefill");
        assertThat(json.path("open_flows_by_littles_law").asLong()).isBetween(1L, 1000L);
        assertThat(json.path("packets_sent_per_flow").asDouble()).isEqualTo(3);
        assertThat(json.path("lost").asLong()).isZero();
    }

    @Test
    void latencyHasEveryPercentileOfEveryStage() throws Exception {
        JsonNode json =
                bench(
                        "latency",
                        "--rate=4000",
                        "--seconds=1",
                        "--warm-up=0",
                        "--settle-seconds=0.5",
                        "--overlap=4",
                        "--repetitions=1",
                        "--broker-directory=" + directory,
                        "--packets-per-record=4",
                        "--parallelism=2",
                        "--speed=200");

        assertThat(json.path("rate").asDouble()).isEqualTo(4000);
        assertThat(json.path("broker_directory").asText()).isEqualTo(directory.toString());
        assertThat(json.path("capture_seconds_per_second").asDouble()).isPositive();
        assertThat(json.path("seconds_behind_at_end").isNumber()).isTrue();
        assertThat(json.path("stages").has("fast")).isTrue();
        for (String percentile : List.of("p50_ms", "p76_ms", "p90_ms", "p99_ms", "p999_ms")) {
            assertThat(json.at("/stages/all/" + percentile).asDouble()).isPositive();
        }
        assertThat(json.path("median_ratio_always_slow").asDouble()).isPositive();
        assertThat(json.at("/own_pace/runs").asInt()).isEqualTo(1);
        assertThat(json.at("/own_pace/parallelism").asInt()).isEqualTo(2);
        assertThat(json.at("/own_pace/packets_per_record").asInt()).isEqualTo(4);
        assertThat(json.at("/own_pace/cascade/all/spread").isNull()).isTrue();
    }

    @Test
    void overloadLosesNoFlowWhileTheSlowModelsHang() throws Exception {
        JsonNode json =
                bench(
                        "overload",
                        "--rate=8000",
                        "--seconds=1",
                        "--warm-up=0",
                        "--settle-seconds=0.5",
                        "--overlap=4",
                        "--repetitions=1",
                        "-o",
                        "slow.queue-capacity=50");

        assertThat(json.path("lost").asLong()).isZero();
        assertThat(json.path("flows").asLong()).isGreaterThan(1000);
        assertThat(json.path("repetitions").asInt()).isEqualTo(1);
        assertThat(json.path("parallelism").asInt()).isPositive();
        assertThat(json.path("broker_directory").asText()).isNotEmpty();
        // Whether the running ones shed a flow, too, is a matter of speed: fifty wait at most.
        assertThat(json.path("running").has("fast")).isTrue();
        assertThat(json.at("/stalled/overload/verdicts").asLong()).isPositive();
        assertThat(json.at("/p99_ratio_stalled/fast/median").asDouble()).isPositive();
    }

    @Test
    void modelsTimesEveryStage() throws Exception {
        JsonNode json = bench("models", "--batches=1,8", "--millis=2", "--repetitions=2");

        assertThat(json.at("/stages/fast/8/inference_us_per_flow/median").asDouble()).isPositive();
        assertThat(json.at("/stages/slow/1/all_us_per_flow/max").asDouble()).isPositive();
    }

    @Test
    void scalingExtrapolatesNothingFromOneCore() throws Exception {
        JsonNode json =
                bench(
                        "scaling",
                        "--cores=1",
                        "--warm-up=0",
                        "--flows=500",
                        "--overlap=2",
                        "--repetitions=1");

        assertThat(json.at("/points/0/job_flows_per_second").asDouble()).isPositive();
        assertThat(json.path("overlap").asInt()).isEqualTo(2);
        assertThat(json.at("/job_options/slow.overload").asText()).isEqualTo("wait");
        assertThat(json.at("/points/0/allowed_cores").asText()).matches("\\d+");
        assertThat(json.path("extrapolation").isNull()).isTrue();
        assertThat(json.path("no_extrapolation").asText()).contains("one core only");
    }

    @Test
    void peersTakeTurns() throws Exception {
        JsonNode json =
                bench(
                        "peers",
                        "--skip-nfstream",
                        "--parallelism=2",
                        "--warm-up=0",
                        "--flows=1000",
                        "--overlap=4",
                        "--repetitions=1");

        for (String job : List.of("serveflow", "serveflow-fast", "flink-map")) {
            assertThat(json.at("/" + job + "/parallelism").asInt()).isEqualTo(2);
        }
        assertThat(json.at("/serveflow/ratio_per_core").asDouble()).isEqualTo(1);
        assertThat(json.at("/flink-map/ratio_per_core").asDouble())
                .isPositive()
                .isEqualTo(json.at("/flink-map/ratio_per_core_max").asDouble());
        assertThat(json.path("warm").asBoolean()).isFalse();
        assertThat(json.at("/flink-map-first-packet/ratio_per_core").asDouble()).isPositive();
        assertThat(json.at("/flink-map/first_packet_only_run").asText())
                .isEqualTo("flink-map-first-packet");
        assertThat(json.at("/flink-map/flows").asLong()).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void microRunsByName() throws Exception {
        JsonNode json =
                bench("micro", "PacketBenchmark.*", "--forks=0", "--millis=5", "--repetitions=1");

        assertThat(json.path("parts")).hasSize(6);
        assertThat(json.at("/parts/0/median").asDouble()).isPositive();
    }

    private JsonNode bench(String... arguments) throws IOException {
        Path file = directory.resolve("figures.json");
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json=" + file);
        int exit = new CommandLine(new BenchCommand()).execute(all.toArray(new String[0]));
        assertThat(exit).isZero();
        return new ObjectMapper().readTree(file.toFile());
    }

    private static double sum(JsonNode shares) {
        double sum = 0;
        for (JsonNode share : shares) {
            sum += share.asDouble();
        }
        return sum;
    }
}
