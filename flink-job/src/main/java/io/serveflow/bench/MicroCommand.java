package io.serveflow.bench;

import io.serveflow.local.Narrator;
import io.serveflow.local.OutputFile;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The inner parts one by one, by JMH. */
@Command(
        name = "micro",
        mixinStandardHelpOptions = true,
        description = {
            "Time the inner parts one by one with JMH: parse, encode, decode, key, hash, Community"
                    + " ID, features, inference, gate."
        })
final class MicroCommand implements Callable<Integer> {

    private static final String PACKAGE = "io.serveflow.bench.micro";

    @Parameters(
            paramLabel = "REGEX",
            arity = "0..1",
            defaultValue = ".*",
            description = "Benchmarks whose name matches (default: all).")
    private String pattern;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
    private Path json;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            defaultValue = "3",
            description = "Measured iterations (default: ${DEFAULT-VALUE}).")
    private int repetitions;

    @Option(
            names = "--millis",
            paramLabel = "N",
            defaultValue = "500",
            description = "Length of an iteration (default: ${DEFAULT-VALUE}).")
    private int millis;

    @Option(
            names = "--forks",
            paramLabel = "N",
            defaultValue = "1",
            description = "JVMs per benchmark, 0 = this one (default: ${DEFAULT-VALUE}).")
    private int forks;

    private final Narrator narrator = Narrator.named("bench");

    @Override
    public Integer call() throws Exception {
        Given.positive("--repetitions", repetitions);
        Given.positive("--millis", millis);
        Given.notNegative("--forks", forks);
        if (json != null) {
            OutputFile.check(json, "--json");
        }
        ChainedOptionsBuilder options =
                new OptionsBuilder()
                        .include(PACKAGE + "\\..*" + pattern)
                        .forks(forks)
                        .warmupIterations(2)
                        .warmupTime(TimeValue.milliseconds(millis))
                        .measurementIterations(repetitions)
                        .measurementTime(TimeValue.milliseconds(millis))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true);
        Collection<RunResult> results;
        try (narrator) {
            narrator.say("running the benchmarks that match %s", pattern);
            results = new Runner(options.build()).run();
        }
        print(results);
        Json.write(json, json(results));
        return 0;
    }

    private void print(Collection<RunResult> results) {
        System.out.println(Machine.text());
        System.out.printf("%n%-48s %12s  %s%n", "part", "time", "spread of iterations");
        for (RunResult result : results) {
            Result<?> score = result.getPrimaryResult();
            System.out.printf(
                    "%-48s %9.3f %s  %.3f to %.3f%n",
                    name(result),
                    score.getScore(),
                    score.getScoreUnit().replace("/op", ""),
                    score.getStatistics().getMin(),
                    score.getStatistics().getMax());
        }
    }

    private static String name(RunResult result) {
        BenchmarkParams params = result.getParams();
        String name = params.getBenchmark();
        StringBuilder text = new StringBuilder(name.substring(name.lastIndexOf('.') + 1));
        for (String key : params.getParamsKeys()) {
            text.append(' ').append(key).append('=').append(params.getParam(key));
        }
        return text.toString();
    }

    private Map<String, Object> json(Collection<RunResult> results) {
        List<Map<String, Object>> parts = new ArrayList<>();
        for (RunResult result : results) {
            Result<?> score = result.getPrimaryResult();
            Map<String, Object> part = new LinkedHashMap<>();
            part.put("name", name(result));
            part.put("unit", score.getScoreUnit());
            part.put("mean", score.getScore());
            part.put("median", score.getStatistics().getPercentile(50));
            part.put("min", score.getStatistics().getMin());
            part.put("max", score.getStatistics().getMax());
            parts.add(part);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("benchmark", "micro");
        json.put("machine", Machine.json());
        json.put("parts", parts);
        return json;
    }
}
