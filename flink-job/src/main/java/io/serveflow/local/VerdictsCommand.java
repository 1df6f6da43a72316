package io.serveflow.local;

import io.serveflow.avro.Verdict;
import io.serveflow.output.MissingTopicException;
import io.serveflow.output.VerdictJson;
import io.serveflow.output.VerdictReader;

import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** Reads the verdict topic for a person or a pipe. */
@Command(
        name = "verdicts",
        description = {
            "Read verdicts from their Kafka topic.",
            "",
            "Reads what is there and ends, or goes on with --follow. Repeats after a failure are"
                    + " dropped by their verdict id."
        },
        footer = {"", "Example: serveflow verdicts --from-beginning --format json | jq ."})
final class VerdictsCommand implements Callable<Integer> {

    private static final Duration LOOK = Duration.ofMillis(200);

    /** A broker that starts again is back by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    /** How verdicts are printed. */
    enum Format {
        TABLE,
        JSON,
        CSV
    }

    @Mixin private KafkaOptions kafka;

    @Option(
            names = "--topic",
            defaultValue = "verdicts",
            description = "Topic (default: ${DEFAULT-VALUE}).")
    private String topic;

    @Option(names = "--from-beginning", description = "Start with the oldest verdict kept.")
    private boolean fromBeginning;

    @Option(names = "--follow", description = "Go on with verdicts as they come.")
    private boolean follow;

    @Option(names = "--format", defaultValue = "table", description = "table, json or csv.")
    private Format format;

    @Option(names = "--limit", paramLabel = "N", description = "End after N verdicts.")
    private Long limit;

    private final PrintStream out = System.out;
    private long printed;
    private boolean toldOfJson;

    @Override
    public Integer call() throws Exception {
        if (!fromBeginning && !follow) {
            throw new UsageException(
                    "nothing to read: say --from-beginning for what is there, --follow for what"
                            + " comes, or both");
        }
        try (VerdictReader reader = attach()) {
            Consumer<Verdict> printer = printer();
            Map<TopicPartition, Long> ends = reader.ends();
            Standstill standstill = new Standstill(PATIENCE.dividedBy(LOOK));
            while (!done() && !out.checkError() && (follow || reader.missing(ends) > 0)) {
                reader.poll(LOOK, printer);
                tellOfJson(reader.json());
                if (!follow && standstill.after(reader.missing(ends))) {
                    throw new IOException(
                            "no Kafka broker answers at %s any more, or %s is gone: %,d records were not read"
                                    .formatted(kafka.servers(), topic, reader.missing(ends)));
                }
            }
            checkOutput();
            System.err.printf(
                    "%,d verdicts, %,d repeats dropped, %,d unreadable%n",
                    printed, reader.repeats(), reader.unreadable());
        }
        return ExitCode.OK;
    }

    /** Only the wish of a reader that has seen enough, as {@code head} has, is no failure. */
    private void checkOutput() throws IOException {
        if (out.checkError() && !StandardOutput.isPipe()) {
            throw new IOException("cannot write to standard output; is the disk full?");
        }
    }

    /** Whoever follows a topic may have come before the job that makes it. */
    private VerdictReader attach() throws IOException, InterruptedException {
        boolean waited = false;
        while (true) {
            try {
                // What is written to a topic that was waited for is all new.
                return new VerdictReader(
                        kafka.servers(), topic, kafka.properties(), fromBeginning || waited);
            } catch (MissingTopicException e) {
                if (!follow) {
                    throw e;
                }
                if (!waited) {
                    System.err.println("serveflow: waiting: " + e.getMessage());
                    waited = true;
                }
                Thread.sleep(LOOK_AGAIN.toMillis());
            }
        }
    }

    /** At once: whoever follows the topic would wait for ever. */
    private void tellOfJson(long records) {
        if (records > 0 && !toldOfJson) {
            toldOfJson = true;
            System.err.printf(
                    "serveflow: %s has verdicts as JSON, by the job's --kafka.verdict-format json,"
                            + " which need no decoding: kafka-console-consumer.sh --topic %s prints"
                            + " them; this command reads avro and confluent%n",
                    topic, topic);
        }
    }

    private boolean done() {
        return limit != null && printed >= limit;
    }

    private Consumer<Verdict> printer() {
        Consumer<Verdict> line =
                switch (format) {
                    case JSON -> verdict -> out.println(VerdictJson.timedLine(verdict));
                    case CSV -> {
                        out.println(VerdictTable.CSV_HEADER);
                        yield verdict -> out.println(VerdictTable.csv(verdict));
                    }
                    case TABLE -> {
                        out.println(VerdictTable.HEADER);
                        yield verdict -> out.println(VerdictTable.row(verdict));
                    }
                };
        return verdict -> {
            if (!done()) {
                line.accept(verdict);
                printed++;
            }
        };
    }
}
