package io.serveflow.bench;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;

/** How long to run before anything counts. */
final class WarmUpOptions {

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "150",
            description =
                    "Before anything is measured the load runs until the JIT compiler rests or, at"
                            + " most, so long; 0 = not at all (default: ${DEFAULT-VALUE}).")
    double limitSeconds;

    void check() {
        Given.notNegative("--warm-up", limitSeconds);
    }

    private final List<WarmUp> begun = new ArrayList<>();

    WarmUp begin() {
        WarmUp warmUp = new WarmUp(limitSeconds);
        begun.add(warmUp);
        return warmUp;
    }

    /** Whether the compiler rested before everything that was measured. */
    boolean warm() {
        return begun.stream().allMatch(WarmUp::warm);
    }

    /** What to say of it below the figures. */
    String text() {
        return warm()
                ? "warm: the JIT compiler rested before anything was measured"
                : String.format(
                        "NOT WARM: the JIT compiler did not come to rest within --warm-up %.0f"
                                + " seconds, and worked beside what was measured",
                        limitSeconds);
    }
}
