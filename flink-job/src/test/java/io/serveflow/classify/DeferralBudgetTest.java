package io.serveflow.classify;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeferralBudgetTest {

    @Test
    void admitsEveryFlowWhileThereIsPlenty() {
        DeferralBudget budget = new DeferralBudget(100);

        for (int i = 0; i < 50; i++) {
            assertThat(budget.admits(0.01, 0)).isTrue();
        }
    }

    @Test
    void givesUpTheSurestFirstWhenItRunsLow() {
        DeferralBudget budget = spent(75);

        assertThat(budget.required()).isEqualTo(0.5);
        assertThat(budget.admits(0.4, 0)).isFalse();
        assertThat(budget.admits(0.6, 0)).isTrue();
    }

    @Test
    void admitsNothingWhenItIsSpent() {
        assertThat(spent(100).admits(1, 0)).isFalse();
    }

    @Test
    void recoversWithTimeButNeverBeyondASecondsWorth() {
        DeferralBudget budget = spent(100);

        assertThat(budget.admits(1, 500)).isTrue();
        assertThat(budget.admits(0.01, 3_600_000)).isTrue();
        int admitted = 1;
        while (budget.admits(1, 3_600_000)) {
            admitted++;
        }
        assertThat(admitted).isEqualTo(100);
    }

    @Test
    void admitsAFlowNowAndThenBelowOneASecond() {
        DeferralBudget budget = new DeferralBudget(0.5);

        assertThat(budget.admits(1, 0)).isTrue();
        assertThat(budget.admits(1, 1999)).isFalse();
        assertThat(budget.admits(1, 2000)).isTrue();
    }

    @Test
    void isNoBoundWhenItIsZero() {
        DeferralBudget budget = new DeferralBudget(0);

        for (int i = 0; i < 1000; i++) {
            assertThat(budget.admits(0, 0)).isTrue();
        }
    }

    private static DeferralBudget spent(int deferrals) {
        DeferralBudget budget = new DeferralBudget(100);
        for (int i = 0; i < deferrals; i++) {
            budget.admits(1, 0);
        }
        return budget;
    }
}
