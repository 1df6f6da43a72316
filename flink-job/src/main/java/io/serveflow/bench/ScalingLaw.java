package io.serveflow.bench;

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
     */
    static ScalingLaw fit(double[] speeds) {
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
        double determinant = xx * yy - xy * xy;
        if (speeds.length < 3 || determinant < 1e-9) {
            return new ScalingLaw(xx == 0 ? 0 : Math.max(0, xz / xx), 0);
        }
        double a = (xz * yy - yz * xy) / determinant;
        double b = (yz * xx - xz * xy) / determinant;
        if (b < 0) {
            return new ScalingLaw(Math.max(0, xz / xx), 0);
        }
        return a < 0 ? new ScalingLaw(0, Math.max(0, yz / yy)) : new ScalingLaw(a, b);
    }

    /** Times as fast as on one core. */
    double speedup(int cores) {
        double n = cores;
        return n / (1 + contention * (n - 1) + coherency * n * (n - 1));
    }
}
