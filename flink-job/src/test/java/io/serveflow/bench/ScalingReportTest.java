package io.serveflow.bench;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class ScalingReportTest {

    /** The speed of one core whose code was still being compiled. */
    private static final double COLD = 99;

    @Test
    void extrapolatesFromTwoPointsAndNamesItsAssumptions() {
        ScalingReport report = report(100, 180);

        assertThat(report.table()).contains("EXTRAPOLATED, not measured: 600 flows / s on 16");
        assertThat(report.json().get("extrapolation").toString()).contains("assumes");
        assertThat(report.json()).containsEntry("no_extrapolation", null);
    }

    @Test
    void extrapolatesNothingFromMoreThanTheCores() {
        ScalingReport report = report(100, 221);

        assertThat(report.table())
                .endsWith("no extrapolation: measured faster than linear" + System.lineSeparator())
                .doesNotContain("EXTRAPOLATED");
        assertThat(report.json())
                .containsEntry("extrapolation", null)
                .containsEntry("no_extrapolation", "measured faster than linear");
    }

    @Test
    void extrapolatesNothingFromOnePoint() {
        assertThat(report(100).json())
                .containsEntry("extrapolation", null)
                .containsEntry("no_extrapolation", "measured on one core only");
    }

    @Test
    void namesTheCoresOfEachPoint() {
        assertThat(report(100, 180).json().get("points").toString())
                .contains("allowed_cores=4,", "allowed_cores=4,5,");
    }

    @Test
    void saysWhereTheCompilerDidNotRest() {
        assertThat(report(COLD, 180).table()).contains("NOT WARM (cores: 1)");
        assertThat(report(COLD, 180).json()).containsEntry("warm", false);
        assertThat(report(100, 180).table()).doesNotContain("NOT WARM");
    }

    private static ScalingReport report(double... speeds) {
        List<ScalingPoint> points = new ArrayList<>();
        for (int cores = 1; cores <= speeds.length; cores++) {
            double speed = speeds[cores - 1];
            Spread measured = Spread.of(speed);
            String allowed = cores == 1 ? "4" : "4,5";
            points.add(
                    new ScalingPoint(
                            cores, allowed, measured, speed, 1e6 / speed, 0, speed != COLD));
        }
        return new ScalingReport(points);
    }
}
