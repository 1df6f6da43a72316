package io.serveflow.bench;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CommonOptionsTest {

    @Test
    void reportsThePlanAndTheTimeoutsThatAreMeasured() {
        CommonOptions common = new CommonOptions();
        common.models = "service-recognition";
        common.others.put("model.plan", "device-identification");
        common.others.put("flow.deadline", "30 s");
        common.others.put("flow.out-of-order-bound", "2 s");

        assertThat(common.plan().name()).isEqualTo("device-identification");
        assertThat(common.drainNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(34));
        assertThat(common.over(Map.of())).containsEntry("model.plan", "device-identification");
    }

    @Test
    void reportsThatTheJobWaitsRatherThanSheds() {
        CommonOptions common = new CommonOptions();
        common.models = "service-recognition";
        common.waitRatherThanShed();
        LoadOptions load = new LoadOptions();

        assertThat(common.over(Map.of())).containsEntry("slow.overload", "wait");
        assertThat(load.json(common).get("job_options")).hasToString("{slow.overload=wait}");
        assertThat(load.text(common)).contains("slow.overload=wait");
    }

    @Test
    void reportsThatOnlyHeadsAreSent() {
        CommonOptions common = new CommonOptions();
        common.models = "service-recognition";
        LoadOptions load = new LoadOptions();
        load.packetsPerFlow = 10;
        load.head = 5;

        assertThat(load.text(common)).contains("10 packets a flow (the first 5 sent)");
    }

    @Test
    void leavesTheUserTheLastWord() {
        CommonOptions common = new CommonOptions();
        common.others.put("slow.overload", "shed");
        common.waitRatherThanShed();

        assertThat(common.over(Map.of())).containsEntry("slow.overload", "shed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.delivery",
                "kafka.verdict-format",
                "job.parallelism",
                "kafka.bootstrap-servers",
                "kafka.packets-topic",
                "kafka.verdicts-topic",
                "kafka.dead-letters-topic",
                "kafka.group-id",
                "kafka.starting-offsets"
            })
    void refusesWhatWouldBreakTheCounting(String option) {
        CommonOptions common = new CommonOptions();
        common.others.put(option, "1");

        assertThatThrownBy(() -> common.over(Map.of())).hasMessageStartingWith("-o " + option);
    }
}
