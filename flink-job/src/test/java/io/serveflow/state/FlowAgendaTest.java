package io.serveflow.state;

import io.serveflow.flow.Flow;
import io.serveflow.flow.FlowPacket;
import io.serveflow.flow.FlowTable;
import io.serveflow.schema.FlowKey;
import io.serveflow.testing.Packets;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import static io.serveflow.state.FlowTimers.STEP_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

class FlowAgendaTest {

    private static final FlowPacket PACKET = Packets.udp(40000).packet();
    private static final FlowKey KEY = PACKET.key;

    private final FlowTable table = new FlowTable(new FlowTable.Secret());
    private final FlowAgenda agenda = new FlowAgenda(table);
    private final List<Long> looked = new ArrayList<>();

    @BeforeEach
    void openFlow() {
        table.put(KEY, Flow.open(PACKET));
    }

    @Test
    void looksAtNoFlowThatIsGone() throws Exception {
        agenda.set(KEY, 1000);
        table.remove(KEY);
        advance(1000);

        assertThat(looked).isEmpty();
        assertThat(agenda.pending()).isZero();
    }

    @Test
    void looksAtAFlowOnceItsTimeHasCome() throws Exception {
        agenda.set(KEY, 1000);
        advance(999);
        assertThat(looked).isEmpty();

        advance(1000);
        advance(2000);

        assertThat(looked).containsExactly(1000L);
        assertThat(agenda.pending()).isZero();
    }

    @Test
    void neverLooksTooEarlyAndNoStepTooLate() throws Exception {
        agenda.set(KEY, 1001);
        advance(1000 + STEP_MILLIS - 1);
        assertThat(looked).isEmpty();

        advance(1000 + STEP_MILLIS);
        assertThat(looked).containsExactly(1000 + STEP_MILLIS);
    }

    @Test
    void looksAtWhatIsDueAlreadyWithTheNextStep() throws Exception {
        advance(5000);
        agenda.set(KEY, 17);
        advance(5000 + STEP_MILLIS);

        assertThat(looked).containsExactly(5000 + STEP_MILLIS);
    }

    /** A capture whose times are zero has watermarks below it. */
    @Test
    @Timeout(10)
    void comesFromBelowZeroToTheEndOfTime() throws Exception {
        advance(-1001);
        agenda.set(KEY, -60);
        agenda.set(KEY, 60_000);

        advance(Long.MAX_VALUE);
        agenda.set(KEY, 120_000);
        advance(Long.MAX_VALUE);

        assertThat(looked).containsExactly(-50L, 60_000L, 120_000L);
    }

    @Test
    void looksAgainAtWhatIsPutDownWhileItLooks() throws Exception {
        agenda.set(KEY, 1000);
        agenda.advance(
                Long.MAX_VALUE,
                (key, millis) -> {
                    looked.add(millis);
                    if (millis < 1_000_000) {
                        agenda.set(key, 3 * millis);
                    }
                });

        assertThat(looked)
                .containsExactly(
                        1000L, 3000L, 9000L, 27_000L, 81_000L, 243_000L, 729_000L, 2_187_000L);
        assertThat(agenda.pending()).isZero();
    }

    @Test
    void looksAtEverythingInOrderHoweverTimeMoves() throws Exception {
        Random random = new Random(3);
        long now = 1_000_000;
        int put = 0;
        while (now < 3_000_000) {
            for (int i = random.nextInt(20); i > 0; i--) {
                agenda.set(KEY, now + random.nextInt(400_000));
                put++;
            }
            now += random.nextBoolean() ? random.nextInt(300) : random.nextInt(200_000);
            advance(now);
        }
        advance(Long.MAX_VALUE);

        assertThat(looked).hasSize(put).isSorted();
        assertThat(agenda.pending()).isZero();
    }

    private void advance(long watermark) throws Exception {
        agenda.advance(
                watermark,
                (key, millis) -> {
                    assertThat(key).isEqualTo(KEY);
                    assertThat(millis).isLessThanOrEqualTo(watermark);
                    looked.add(millis);
                });
    }
}
