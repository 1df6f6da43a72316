package io.serveflow.metrics;

import io.serveflow.avro.Reason;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

class SumsTest {

    private final Map<String, Long> counters = new HashMap<>();

    SumsTest() {
        counters.put(CounterNames.FRAMES_READ, 12L);
        counters.put(CounterNames.skipped("fragment"), 2L);
        counters.put(CounterNames.RECORDS_READ, 10L);
        counters.put(CounterNames.HEARTBEATS, 1L);
        counters.put(CounterNames.DEAD_LETTERS, 1L);
        counters.put(CounterNames.PACKETS_DECODED, 8L);
        counters.put(CounterNames.PACKETS_FIRST, 3L);
        counters.put(CounterNames.PACKETS_USED, 1L);
        counters.put(CounterNames.PACKETS_AFTER_VERDICT, 1L);
        counters.put(CounterNames.PACKETS_WAITING, 1L);
        counters.put(CounterNames.PACKETS_LATE, 1L);
        counters.put(CounterNames.PACKETS_DUPLICATE, 1L);
        counters.put(CounterNames.FLOWS_OPENED, 3L);
        counters.put(CounterNames.FLOWS_WAITING, 1L);
        counters.put(CounterNames.verdicts("fast", Reason.CONFIDENT), 1L);
        counters.put(CounterNames.verdicts("slow", Reason.ENOUGH_PACKETS), 1L);
    }

    @Test
    void holdWhereEveryRecordLeftByOneDoor() {
        Sums sums = new Sums(counters);

        assertThat(sums.hold()).as("%s", sums.laws()).isTrue();
        assertThat(sums.verdicts()).isEqualTo(2);
    }

    @Test
    void breakWhereAnyOneCounterIsOff() {
        for (String name : Map.copyOf(counters).keySet()) {
            counters.merge(name, 1L, Long::sum);

            assertThat(new Sums(counters).hold()).as("%s one too many", name).isFalse();

            counters.merge(name, -1L, Long::sum);
        }
    }

    @Test
    void asksForFramesOnlyWhereFilesWereRead() {
        counters.keySet().removeIf(name -> name.startsWith("frames."));

        assertThat(new Sums(counters).laws()).hasSize(3);
        assertThat(new Sums(counters).hold()).isTrue();
    }

    @Test
    void sayWhatDoesNotAddUp() {
        counters.put(CounterNames.FLOWS_OPENED, 4L);

        assertThat(new Sums(counters).laws())
                .extracting(Object::toString)
                .contains("flow segments opened = verdicts + flows still waiting: 4 but 3");
    }

    @Test
    void leaveOutForPeopleTheReasonsThatNoneHad() {
        counters.put(CounterNames.FLOWS_EVICTED, 0L);
        counters.put(CounterNames.verdicts("fast", Reason.EVICTED), 0L);
        counters.put(CounterNames.skipped("malformed"), 0L);

        assertThat(new Sums(counters).occurred())
                .containsKeys(CounterNames.FLOWS_EVICTED, CounterNames.skipped("fragment"))
                .doesNotContainKeys(
                        CounterNames.verdicts("fast", Reason.EVICTED),
                        CounterNames.skipped("malformed"));
        assertThat(new Sums(counters).hold()).isTrue();
    }
}
