package io.serveflow.local;

import io.serveflow.broker.EmbeddedBroker;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** A Kafka broker by itself, where a machine has none: for trying things and for live tests. */
@Command(
        name = "broker",
        description = {
            "Run a Kafka broker in this process until Ctrl-C.",
            "",
            "Prints its address. What it keeps is in a temporary directory and goes with it; for"
                    + " anything that must last, take a Kafka of your own."
        },
        footer = {"", "Example: serveflow broker --port 9092"})
final class BrokerCommand implements Callable<Integer> {

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "9092",
            description = "Port on localhost (default: ${DEFAULT-VALUE}); 0 = any free one.")
    private int port;

    @Override
    public Integer call() throws Exception {
        if (port < 0 || port > 65_535) {
            throw new UsageException("--port must be 0 to 65535");
        }
        EmbeddedBroker broker = EmbeddedBroker.start(port); // stops with this process
        System.out.println(broker.bootstrapServers());
        new CountDownLatch(1).await(); // the interrupt ends the process
        return ExitCode.OK;
    }
}
