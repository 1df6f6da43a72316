package io.serveflow.producer;

import io.serveflow.replay.Pace;

import picocli.CommandLine.Option;

/** The pace options, of which at most one may be given; named as tcpreplay's. */
final class PaceArguments {

    @Option(
            names = {"-x", "--multiplier"},
            paramLabel = "N",
            description =
                    "N times the original speed; a gap of more than an hour is not waited for (default: 1)")
    private Double multiplier;

    @Option(
            names = {"-p", "--pps"},
            paramLabel = "N",
            description = "N packets a second")
    private Double packetsPerSecond;

    @Option(
            names = {"-M", "--mbps"},
            paramLabel = "N",
            description = "N million bits a second")
    private Double megabitsPerSecond;

    @Option(
            names = {"-t", "--topspeed"},
            description = "As fast as Kafka takes them")
    private boolean topSpeed;

    /** The pace asked for. */
    Pace pace() {
        if (topSpeed) {
            return Pace.TOP_SPEED;
        }
        if (packetsPerSecond != null) {
            return new Pace(Pace.Unit.PACKETS_PER_SECOND, packetsPerSecond);
        }
        if (megabitsPerSecond != null) {
            return new Pace(Pace.Unit.MEGABITS_PER_SECOND, megabitsPerSecond);
        }
        return multiplier == null ? Pace.ORIGINAL : new Pace(Pace.Unit.MULTIPLIER, multiplier);
    }
}
