package io.serveflow.local;

import io.serveflow.job.JobOptions;
import io.serveflow.metrics.CounterNames;
import io.serveflow.metrics.Sums;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** The counters of a run for a person and for a program. */
final class RunReport {

    private final Sums sums;
    private final List<String> unreadable;

    /** {@code unreadable}: what is wrong with each file that was passed over. */
    RunReport(Sums sums, List<String> unreadable) {
        this.sums = sums;
        this.unreadable = unreadable;
    }

    void print(PrintStream out) {
        if (!unreadable.isEmpty()) {
            out.printf("%,d files passed over, which cannot be read%n", unreadable.size());
        }
        if (sums.counters().containsKey(CounterNames.FRAMES_READ)) {
            out.println(frames());
        }
        out.printf(
                "%,d packets, %,d flows, %,d verdicts%n",
                sums.of(CounterNames.PACKETS_DECODED),
                sums.of(CounterNames.FLOWS_OPENED),
                sums.verdicts());
        if (sums.of(CounterNames.PACKETS_LATE) > 0) {
            out.printf(
                    "%,d packets came too late to count (%s)%n",
                    sums.of(CounterNames.PACKETS_LATE), JobOptions.OUT_OF_ORDER.key());
        }
        for (Sums.Law law : sums.laws()) {
            out.println((law.holds() ? "holds: " : "BROKEN: ") + law);
        }
    }

    private String frames() {
        StringJoiner skipped = new StringJoiner(", ", " (", ")").setEmptyValue("");
        String prefix = CounterNames.FRAMES_SKIPPED + ".";
        for (Map.Entry<String, Long> entry : sums.occurred().entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                skipped.add(entry.getValue() + " " + entry.getKey().substring(prefix.length()));
            }
        }
        return String.format(
                "%,d frames read, %,d packets, %,d skipped%s",
                sums.of(CounterNames.FRAMES_READ),
                sums.of(CounterNames.RECORDS_READ),
                sums.under(CounterNames.FRAMES_SKIPPED),
                skipped);
    }

    void writeJson(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        ObjectNode counters = root.putObject("counters");
        sums.counters().forEach(counters::put);
        ArrayNode laws = root.putArray("sums");
        for (Sums.Law law : sums.laws()) {
            laws.addObject()
                    .put("law", law.text())
                    .put("left", law.left())
                    .put("right", law.right())
                    .put("holds", law.holds());
        }
        root.put("holds", sums.hold());
        unreadable.forEach(root.putArray("unreadable_files")::add);
        Files.writeString(
                file, json.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    }
}
