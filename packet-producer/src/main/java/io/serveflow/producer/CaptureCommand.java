package io.serveflow.producer;

import io.serveflow.publish.PacketPublisher;
import io.serveflow.publish.PublishException;
import io.serveflow.replay.ReplayOptions;
import io.serveflow.schema.CapturedPacket;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** {@code serveflow capture}: the packets of capture files, a pipe or an interface to Kafka. */
@Command(
        name = "capture",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        usageHelpAutoWidth = true,
        description = {
            "Publishes the packets of a capture to a Kafka topic.",
            "Several files are one wire in time order; - reads standard input.",
            "Exit code: 0 published, 1 bad input or environment, 2 wrong usage.%n"
        })
public final class CaptureCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;
    @Mixin private InputArguments input = new InputArguments();
    @Mixin private ReplayArguments replay = new ReplayArguments();
    @Mixin private KafkaArguments kafka = new KafkaArguments();

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command, telling a wrong usage in one line rather than in a page. */
    public static CommandLine commandLine() {
        return new CommandLine(new CaptureCommand())
                .setParameterExceptionHandler(
                        (wrong, args) -> {
                            String message = wrong.getMessage().lines().findFirst().orElse("");
                            wrong.getCommandLine()
                                    .getErr()
                                    .println("capture: " + message + " (see capture --help)");
                            return CommandLine.ExitCode.USAGE;
                        });
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getErr();
        ReplayOptions options;
        Consumer<CapturedPacket> edit;
        try {
            input.check(replay.loops());
            kafka.check();
            options = replay.options(input.live());
            edit = replay.edit();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        try {
            input.refuseUnreadable(); // before Kafka is asked: a wrong name shall make no topic
            try (PacketPublisher publisher = kafka.open(out)) {
                return new CaptureRun(
                                        input,
                                        options,
                                        edit,
                                        publisher,
                                        kafka.checked(publisher, out),
                                        out)
                                .run()
                        ? 0
                        : 1;
            }
        } catch (IOException | PublishException e) {
            out.println("capture: " + e.getMessage());
            return 1;
        }
    }
}
