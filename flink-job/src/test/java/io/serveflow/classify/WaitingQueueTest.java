package io.serveflow.classify;

import io.serveflow.classify.WaitingQueue.Place;
import io.serveflow.testing.Packets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What sweeping costs, and what it leaves. */
class WaitingQueueTest {

    private final WaitingQueue queue = new WaitingQueue(Long.MAX_VALUE);
    private long looks;

    @Test
    void keepsThoseThatWaitInTheirOrder() throws Exception {
        for (int i = 0; i < 5000; i++) {
            queue.add(place(i));
        }
        queue.sweepIfStale(place -> place.sinceNanos() % 1000 == 1);

        assertThat(queue.size()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            assertThat(queue.poll().sinceNanos()).isEqualTo(1000 * i + 1);
        }
    }

    @Test
    void leavesTheQueueAloneWhileHalfOfItWaits() throws Exception {
        for (int i = 0; i < 4000; i++) {
            queue.opened();
            queue.add(place(2 * i));
            queue.add(place(2 * i + 1));
            queue.sweepIfStale(this::never);
        }

        assertThat(looks).isZero();
    }

    @Test
    void looksAtEachPlaceOnceWhereNoFlowWaits() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            queue.add(place(i));
            queue.sweepIfStale(this::never);
        }

        assertThat(looks).isBetween(90_000L, 100_000L);
        assertThat(queue.size()).isLessThan(2000);
    }

    /** Whatever a sweep keeps, the next comes when as many have been added. */
    @Test
    void looksAtFewPlacesForEachThatIsAddedEvenIfAllMustStay() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            queue.add(place(i));
            queue.sweepIfStale(
                    place -> {
                        looks++;
                        return true;
                    });
        }

        assertThat(looks).isBetween(1L, 200_000L);
    }

    private boolean never(Place place) {
        looks++;
        return false;
    }

    private static Place place(long sinceNanos) {
        return new Place(Packets.udp(1).packet().key, sinceNanos);
    }
}
