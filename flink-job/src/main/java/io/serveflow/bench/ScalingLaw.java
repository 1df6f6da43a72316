package io.serveflow.bench;

import java.util.Optional;

/**
 * How speed grows with cores: the Universal Scalability Law, {@code S(n) = n / (1 + a (n - 1) + b n
 * (n - 1))}, where {@code a} is what must be done one after the other and {@code b} what it costs
 * that all talk to all. With {@code b = 0} it is Amdahl's law, which is all that measurements on
 * one and two cores can tell.
 *
 * @param contention a
 * @param coherency b
 */
record ScalingLaw(double contention, double coherency) {

    /**
     * Fits the law to speeds measured on 1, 2, ... cores by least squares of {@code n / S(n) - 1},
     * which is linear in both.
     *
     * @return nothing where the speeds tell of no contention: one point does not, nor do points
     *     that grow as fast as the cores or faster. Zero contention would not be a finding, and
     *     what it promises of more cores would be made up.
     */
    static Optional<ScalingLaw> fit(double[] speeds) {
        double xx = 0;
        double xy = 0;
        double yy = 0;
        double xz = 0;
        double yz = 0;
        for (int n = 2; n <= speeds.length; n++) {
            double x = n - 1;
            double y = n * (n - 1.0);
            double z = n * speeds[0] / speeds[n - 1] - 1;
            xx += x * x;
            xy += x * y;
            yy += y * y;
            xz += x * z;
            yz += y * z;
        }
        if (speeds.length < 2) {
            return Optional.empty();
        }
        ScalingLaw amdahl = new ScalingLaw(xz / xx, 0);
        double determinant = xx * yy - xy * xy;
        if (speeds.length < 3 || determinant < 1e-9) {
            return amdahl.ifContended();
        }
        double b = (yz * xx - xz * xy) / determinant;
        ScalingLaw universal = new ScalingLaw((xz * yy - yz * xy) / determinant, b);
        // A negative parameter means nothing: then it is left to the other one.
        return b < 0 || universal.contention <= 0 ? amdahl.ifContended() : universal.ifContended();
    }

    private Optional<ScalingLaw> ifContended() {
        return contention > 0 ? Optional.of(this) : Optional.empty();
    }

    /** Times as fast as on one core. */
    double speedup(int cores) {
        double n = cores;
        return n / (1 + contention * (n - 1) + coherency * n * (n - 1));
    }
}
