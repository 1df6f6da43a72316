package io.serveflow.bench;

import picocli.CommandLine.Option;

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

    WarmUp begin() {
        return new WarmUp(limitSeconds);
    }
}
