package io.serveflow.model;

import io.serveflow.flow.Answer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class UncertaintyGateTest {

    @ParameterizedTest
    @CsvSource({
        "LEAST_CONFIDENCE, 0.7, 0.2, 0.1, 0.3",
        "MARGIN, 0.7, 0.2, 0.1, 0.5",
        "ENTROPY, 1, 0, 0, 0",
        "ENTROPY, 0.33333334, 0.33333334, 0.33333334, 1",
        "ENTROPY, 0.5, 0.5, 0, 0.6309298",
        "ENTROPY, 0.02, 0.02, 0.02, 1", // 0.94 is left to none of them
        "ENTROPY, 0.75, 0, 0, 0.4463946",
        "LEAST_CONFIDENCE, 0, 1, 0, 0",
        "MARGIN, 0.5, 0.5, 0, 1"
    })
    void measuresUncertainty(Uncertainty metric, float a, float b, float c, float expected) {
        Answer answer = gate(metric, null, null, 3).answer(new float[] {a, b, c}, 0);

        assertThat(answer.uncertainty()).isCloseTo(expected, within(1e-6f));
    }

    @ParameterizedTest
    @EnumSource(Uncertainty.class)
    void agreesWithASortOnTheMostProbableClasses(Uncertainty metric) {
        Random random = new Random(12);
        for (int round = 0; round < 5000; round++) {
            int classes = 2 + random.nextInt(8);
            int offset = random.nextInt(4);
            float[] p = probabilities(random, classes, offset);
            List<Integer> sorted =
                    IntStream.range(0, classes)
                            .boxed()
                            .sorted(Comparator.comparingDouble(i -> -p[offset + i]))
                            .toList();

            Answer answer = gate(metric, null, null, classes).answer(p, offset);

            assertThat(answer.top()).hasSize(Math.min(3, classes));
            for (int i = 0; i < answer.top().length; i++) {
                assertThat(answer.top()[i]).isEqualTo(sorted.get(i).shortValue());
                assertThat(answer.probabilities()[i]).isEqualTo(p[offset + sorted.get(i)]);
            }
            assertThat(answer.label()).isEqualTo(sorted.get(0));
            assertThat(answer.uncertainty()).isBetween(-1e-6f, 1 + 1e-6f);
        }
    }

    @Test
    void doesNotLetTheLastBitOfAFloatDecide() {
        UncertaintyGate gate = gate(Uncertainty.LEAST_CONFIDENCE, new float[] {0.25f}, null, 2);
        float half = Math.nextUp(0.5f);
        float uncertain = 1 - Math.nextUp(0.25f);

        assertThat(gate.answer(new float[] {0.5f, half}, 0).label()).isZero();
        assertThat(gate.stands(gate.answer(new float[] {uncertain, 0.25f}, 0))).isTrue();
    }

    @Test
    void letsAnAnswerStandUpToTheThresholdAndNoFurther() {
        UncertaintyGate gate = gate(Uncertainty.LEAST_CONFIDENCE, new float[] {0.25f}, null, 2);

        assertThat(gate.stands(gate.answer(new float[] {0.75f, 0.25f}, 0))).isTrue();
        assertThat(gate.stands(gate.answer(new float[] {0.74f, 0.26f}, 0))).isFalse();
    }

    @Test
    void hasAThresholdForEachClass() {
        UncertaintyGate gate = gate(Uncertainty.LEAST_CONFIDENCE, new float[] {-1, 0.5f}, null, 2);

        assertThat(gate.stands(gate.answer(new float[] {1, 0}, 0))).isFalse();
        assertThat(gate.stands(gate.answer(new float[] {0.4f, 0.6f}, 0))).isTrue();
    }

    @Test
    void letsEveryAnswerStandWithoutThresholds() {
        UncertaintyGate gate = gate(Uncertainty.ENTROPY, null, null, 2);

        assertThat(gate.stands(gate.answer(new float[] {0.5f, 0.5f}, 0))).isTrue();
    }

    @Test
    void letsNoAnswerStandThatIsNoNumber() {
        UncertaintyGate gate = gate(Uncertainty.MARGIN, new float[] {1}, null, 2);

        assertThat(gate.stands(gate.answer(new float[] {Float.NaN, Float.NaN}, 0))).isFalse();
    }

    @Test
    void saysUnknownBelowTheRejectThreshold() {
        UncertaintyGate one = gate(Uncertainty.MARGIN, null, new float[] {0.6f}, 2);
        UncertaintyGate each = gate(Uncertainty.MARGIN, null, new float[] {0.9f, 0.6f}, 2);

        assertThat(one.answer(new float[] {0.6f, 0.4f}, 0).label()).isZero();
        assertThat(one.answer(new float[] {0.59f, 0.41f}, 0).label()).isEqualTo(-1);
        assertThat(each.answer(new float[] {0.7f, 0.3f}, 0).label()).isEqualTo(-1);
        assertThat(each.answer(new float[] {0.3f, 0.7f}, 0).label()).isEqualTo(1);
    }

    @Test
    void saysUnknownAtOnceWhereProbabilityIsLeftOver() {
        UncertaintyGate gate = gate(new float[] {0.1f}, 0.5f);
        Answer none = gate.answer(new float[] {0.3f, 0.2f}, 0);
        Answer some = gate.answer(new float[] {0.3f, 0.21f}, 0);

        assertThat(none.label()).isEqualTo(-1);
        assertThat(gate.stands(none)).isTrue();
        assertThat(some.label()).isZero();
        assertThat(gate.stands(some)).isFalse();
    }

    @Test
    void keepsToTheThresholdsWhereLittleProbabilityIsLeftOver() {
        UncertaintyGate gate = gate(new float[] {0.1f}, 0.5f);

        assertThat(gate.stands(gate.answer(new float[] {0.9f, 0.02f}, 0))).isTrue();
        assertThat(gate.stands(gate.answer(new float[] {0.8f, 0.02f}, 0))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, -1, 1.1f})
    void namesNoClassByWhatIsNoProbability(float broken) {
        UncertaintyGate early = gate(new float[] {1}, 0.5f);
        UncertaintyGate last = gate(Uncertainty.MARGIN, null, null, 2);
        Answer answer = early.answer(new float[] {broken, 0}, 0);

        assertThat(answer.isBroken()).isTrue();
        assertThat(answer.label()).isEqualTo(-1);
        assertThat(answer.confidence()).isZero();
        assertThat(answer.uncertainty()).isEqualTo(1);
        assertThat(early.stands(answer)).isFalse();
        assertThat(last.stands(last.answer(new float[] {0, broken}, 0))).isTrue();
    }

    @Test
    void knowsTheMetricsByThePlansNames() {
        assertThat(Uncertainty.named("least-confidence")).isEqualTo(Uncertainty.LEAST_CONFIDENCE);
        assertThatThrownBy(() -> Uncertainty.named("variance"))
                .hasMessageContaining("variance; known: least-confidence, margin, entropy");
    }

    private static float[] probabilities(Random random, int classes, int offset) {
        float[] p = new float[offset + classes + 2];
        Arrays.fill(p, 9); // what lies around must not count
        float sum = 0;
        for (int i = 0; i < classes; i++) {
            p[offset + i] = random.nextInt(4); // equal ones are common
            sum += p[offset + i];
        }
        for (int i = 0; i < classes; i++) {
            p[offset + i] = sum == 0 ? 1f / classes : p[offset + i] / sum;
        }
        return p;
    }

    private static UncertaintyGate gate(
            Uncertainty metric, float[] thresholds, float[] reject, int classes) {
        return gate(metric, thresholds, reject, Stage.NEVER, classes);
    }

    private static UncertaintyGate gate(float[] thresholds, float none) {
        return gate(Uncertainty.LEAST_CONFIDENCE, thresholds, null, none, 2);
    }

    private static UncertaintyGate gate(
            Uncertainty metric, float[] thresholds, float[] reject, float none, int classes) {
        Stage stage =
                new Stage(
                        0,
                        "s",
                        true,
                        1,
                        "header",
                        1,
                        "",
                        "m",
                        "",
                        metric,
                        thresholds,
                        reject,
                        none);
        return new UncertaintyGate(stage, classes);
    }
}
