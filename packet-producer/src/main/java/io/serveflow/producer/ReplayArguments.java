package io.serveflow.producer;

import io.serveflow.packet.Anonymizer;
import io.serveflow.replay.Pace;
import io.serveflow.replay.ReplayOptions;
import io.serveflow.schema.CapturedPacket;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** The options that say how a capture is replayed. */
final class ReplayArguments {

    @ArgGroup(exclusive = true, heading = "%nPace (at most one):%n")
    private PaceArguments pace;

    @Option(
            names = {"-l", "--loop"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Replay the capture N times; time moves on (default: ${DEFAULT-VALUE})")
    private int loops;

    @Option(
            names = "--unique-ip",
            description = "Give every loop other addresses, hence flows of its own")
    private boolean uniqueAddresses;

    @Option(
            names = {"-L", "--limit"},
            paramLabel = "N",
            defaultValue = "0",
            description = "Stop after N packets (default: all)")
    private long limit;

    @Option(
            names = "--head",
            paramLabel = "N",
            defaultValue = "0",
            description = "Only the first N packets of each flow (default: all)")
    private int head;

    @Option(
            names = "--payload-bytes",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "Bytes of payload to publish behind the headers (default: none, for privacy)")
    private int payloadBytes;

    @Option(
            names = "--decapsulate",
            description =
                    "Publish the packets inside of IP-in-IP, GRE, ERSPAN, VXLAN, Geneve and GTP-U"
                            + " tunnels instead of the tunnels'")
    private boolean decapsulate;

    @Option(
            names = "--anonymize-key",
            paramLabel = "FILE",
            description =
                    "Replace addresses by Crypto-PAn with the key in FILE: 32 characters or 64"
                            + " hexadecimal digits; networks stay networks")
    private Path anonymizeKey;

    @Option(
            names = "--shift-to-now",
            description = "Move all capture times so that the first packet is now")
    private boolean shiftToNow;

    @Option(
            names = "--drain",
            paramLabel = "DURATION",
            description =
                    "How far the closing heartbeat moves event time on, so that every timeout of"
                            + " the job fires, as 31min or 90s (default: 31min)")
    private String drain;

    @Option(
            names = "--no-drain",
            description = "No closing heartbeat: more of the same wire will follow")
    private boolean noDrain;

    int loops() {
        return loops;
    }

    /** What is done to every packet before anything else. */
    Consumer<CapturedPacket> edit() {
        if (anonymizeKey == null) {
            return packet -> {};
        }
        if (payloadBytes > 0) {
            throw new IllegalArgumentException(
                    "--anonymize-key and --payload-bytes exclude each other: payload may hold"
                            + " addresses");
        }
        Anonymizer anonymizer = AnonymizeKey.read(anonymizeKey);
        return anonymizer::apply;
    }

    /** The options together; a live wire sets its own pace and never drains. */
    ReplayOptions options(boolean live) {
        if (live && pace != null && !pace.pace().equals(Pace.TOP_SPEED)) {
            throw new IllegalArgumentException("-x, -p and -M need files: a wire has its own pace");
        }
        if (drain != null && (live || noDrain)) {
            throw new IllegalArgumentException(
                    live
                            ? "--drain needs files: a wire has no end"
                            : "--drain and --no-drain exclude each other");
        }
        return new ReplayOptions(
                pace(live),
                loops,
                uniqueAddresses,
                limit,
                head,
                payloadBytes,
                decapsulate,
                shiftToNow,
                live || noDrain ? null : drain());
    }

    private Pace pace(boolean live) {
        if (live) {
            return Pace.TOP_SPEED;
        }
        return pace == null ? Pace.ORIGINAL : pace.pace();
    }

    private Duration drain() {
        return drain == null ? ReplayOptions.DEFAULT_DRAIN : Durations.parse(drain);
    }
}
