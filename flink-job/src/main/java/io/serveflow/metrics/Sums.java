package io.serveflow.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The counters of a run and whether they add up as {@link CounterNames} promises. */
public final class Sums {

    /**
     * One law.
     *
     * @param text the law in words
     */
    public record Law(String text, long left, long right) {
        public boolean holds() {
            return left == right;
        }

        @Override
        public String toString() {
            return text + ": " + left + (holds() ? " = " : " but ") + right;
        }
    }

    private final Map<String, Long> counters;

    public Sums(Map<String, Long> counters) {
        this.counters = new TreeMap<>(counters);
    }

    public Map<String, Long> counters() {
        return counters;
    }

    /** The same for a person: without the reasons that none had. */
    public Map<String, Long> occurred() {
        Map<String, Long> occurred = new TreeMap<>(counters);
        occurred.entrySet().removeIf(entry -> entry.getValue() == 0 && isException(entry.getKey()));
        return occurred;
    }

    private static boolean isException(String name) {
        return name.startsWith(CounterNames.VERDICTS + ".")
                || name.startsWith(CounterNames.FRAMES_SKIPPED + ".")
                || name.equals(CounterNames.ANSWERS_BROKEN);
    }

    public long of(String name) {
        return counters.getOrDefault(name, 0L);
    }

    /** The sum of all counters below {@code prefix}. */
    public long under(String prefix) {
        return counters.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix + "."))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    public long verdicts() {
        return under(CounterNames.VERDICTS);
    }

    /** Every law that applies to the run. */
    public List<Law> laws() {
        List<Law> laws = new ArrayList<>();
        if (counters.containsKey(CounterNames.FRAMES_READ)) {
            laws.add(
                    new Law(
                            "frames read = records read + frames skipped",
                            of(CounterNames.FRAMES_READ),
                            of(CounterNames.RECORDS_READ) + under(CounterNames.FRAMES_SKIPPED)));
        }
        long joined = of(CounterNames.PACKETS_JOINED);
        laws.add(
                new Law(
                        (joined == 0 ? "records read" : "records read + packets joined")
                                + " = packets decoded + heartbeats + dead letters",
                        of(CounterNames.RECORDS_READ) + joined,
                        of(CounterNames.PACKETS_DECODED)
                                + of(CounterNames.HEARTBEATS)
                                + of(CounterNames.DEAD_LETTERS)));
        laws.add(
                new Law(
                        "packets decoded = first + used + after verdict + waiting + late"
                                + " + duplicate",
                        of(CounterNames.PACKETS_DECODED),
                        of(CounterNames.PACKETS_FIRST)
                                + of(CounterNames.PACKETS_USED)
                                + of(CounterNames.PACKETS_AFTER_VERDICT)
                                + of(CounterNames.PACKETS_WAITING)
                                + of(CounterNames.PACKETS_LATE)
                                + of(CounterNames.PACKETS_DUPLICATE)));
        laws.add(
                new Law(
                        "flow segments opened = verdicts + flows still waiting",
                        of(CounterNames.FLOWS_OPENED),
                        verdicts() + of(CounterNames.FLOWS_WAITING)));
        return laws;
    }

    public boolean hold() {
        return laws().stream().allMatch(Law::holds);
    }
}
