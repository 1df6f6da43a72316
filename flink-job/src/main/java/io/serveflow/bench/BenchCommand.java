package io.serveflow.bench;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The measurements that anybody can repeat; every one says what it measured and on what. */
@Command(
        name = "bench",
        description = {
            "Measure the system on this machine.",
            "",
            "Each measurement describes the machine, repeats itself, prints a table and writes JSON"
                    + " if asked. The launcher sizes the heap for each; SERVEFLOW_JVM_OPTIONS"
                    + " replaces all of that."
        },
        subcommands = {
            ThroughputCommand.class,
            LatencyCommand.class,
            OverloadCommand.class,
            ModelsCommand.class,
            ScalingCommand.class,
            PeersCommand.class,
            MicroCommand.class
        })
public final class BenchCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what to measure: " + String.join(", ", spec.subcommands().keySet()));
    }
}
