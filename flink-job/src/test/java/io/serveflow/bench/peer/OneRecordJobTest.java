package io.serveflow.bench.peer;

import io.serveflow.model.PlanRepository;
import io.serveflow.model.Route;
import io.serveflow.model.ServingPlan;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OneRecordJobTest {

    private final ServingPlan plan = new PlanRepository().load(PlanRepository.DEFAULT);

    @Test
    void asksTheFastModelOfPacketOne() {
        assertThat(OneRecordJob.model(plan).name()).isEqualTo("fast");
    }

    @Test
    void refusesAPlanWithoutOne() {
        ServingPlan slow = plan.routed(Route.SLOW);

        assertThatThrownBy(() -> OneRecordJob.model(slow))
                .isInstanceOf(NoFirstPacketModel.class)
                .hasMessageContaining("no fast stage that answers on packet 1")
                .hasMessageContaining("--models");
    }
}
