package io.serveflow.bench;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ScalingLawTest {

    @Test
    void findsAmdahlsContentionFromOneAndTwoCores() {
        ScalingLaw law = ScalingLaw.fit(new double[] {100, 180}).orElseThrow();

        assertThat(law.contention()).isCloseTo(1 / 9.0, within(1e-9));
        assertThat(law.coherency()).isZero();
        assertThat(law.speedup(1)).isEqualTo(1);
        assertThat(law.speedup(2)).isCloseTo(1.8, within(1e-9));
    }

    @Test
    void findsBothParametersWhereThereAreMoreCores() {
        ScalingLaw truth = new ScalingLaw(0.03, 0.001);
        double[] speeds = new double[8];
        for (int n = 1; n <= speeds.length; n++) {
            speeds[n - 1] = 1000 * truth.speedup(n);
        }

        ScalingLaw law = ScalingLaw.fit(speeds).orElseThrow();

        assertThat(law.contention()).isCloseTo(0.03, within(1e-9));
        assertThat(law.coherency()).isCloseTo(0.001, within(1e-9));
    }

    @Test
    void fallsBackToAmdahlWhereTheFitOfBothMakesNoSense() {
        ScalingLaw law = ScalingLaw.fit(new double[] {100, 198, 288.5}).orElseThrow();

        assertThat(law.contention()).isPositive();
        assertThat(law.coherency()).isZero();
    }

    @Test
    void promisesNothingWhereNoContentionWasMeasured() {
        assertThat(ScalingLaw.fit(new double[] {100})).isEmpty();
        assertThat(ScalingLaw.fit(new double[] {100, 200})).isEmpty();
        assertThat(ScalingLaw.fit(new double[] {100, 230})).isEmpty();
        assertThat(ScalingLaw.fit(new double[] {100, 230, 345})).isEmpty();
        assertThat(ScalingLaw.fit(new double[] {100, 220, 290})).isEmpty();
    }
}
