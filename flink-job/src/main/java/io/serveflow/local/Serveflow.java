package io.serveflow.local;

import io.serveflow.bench.BenchCommand;
import io.serveflow.demo.DemoCommand;
import io.serveflow.job.JobHelp;
import io.serveflow.producer.CaptureCommand;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

import java.io.PrintWriter;

/** The command line of the launcher; every way to run that needs no Flink cluster. */
@Command(
        name = "serveflow",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Tells what network flows are while they are still young.",
        footer = {
            "",
            "Also: serveflow train and evaluate (the lab), testbed (recordings), build, test (everything"
                    + " that must pass)."
        },
        subcommands = {
            DemoCommand.class,
            ClassifyCommand.class,
            RunCommand.class,
            CaptureCommand.class,
            VerdictsCommand.class,
            FeaturesCommand.class,
            BenchCommand.class,
            BrokerCommand.class
        })
public final class Serveflow {

    private Serveflow() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        CommandLine line = new CommandLine(new Serveflow());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, command, parsed) -> Failure.report(e, command));
        line.setParameterExceptionHandler(Serveflow::usage);
        for (CommandLine command : line.getSubcommands().values()) {
            command.setParameterExceptionHandler(Serveflow::usage);
            command.getCommandSpec().mixinStandardHelpOptions(true);
        }
        line.getSubcommands().get("run").getCommandSpec().usageMessage().footer(optionHelp());
        try {
            return line.execute(args);
        } catch (Error e) {
            // Picocli hands on exceptions only, and Flink's threads would keep the process alive.
            return Failure.report(e, line);
        }
    }

    /** In footers a percent sign begins a directive. */
    private static String[] optionHelp() {
        return JobHelp.options().stream()
                .map(line -> line.replace("%", "%%"))
                .toArray(String[]::new);
    }

    private static int usage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("serveflow: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }
}
