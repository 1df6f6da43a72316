package io.serveflow.schema;

import io.serveflow.avro.Heartbeat;
import io.serveflow.avro.Packet;
import io.serveflow.avro.Verdict;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A registry with a packet as 7 and a verdict as 9, and what it was asked for. */
class WriterSchemasTest {

    private final Map<Integer, Schema> registered = new HashMap<>();
    private final List<Integer> asked = new ArrayList<>();
    private long nanoTime = Long.MAX_VALUE - 5; // a clock that overflows, as nanoTime may
    private final WriterSchemas schemas = new WriterSchemas(this::schemaById, () -> nanoTime);

    WriterSchemasTest() {
        registered.put(7, Packet.getClassSchema());
        registered.put(9, Verdict.getClassSchema());
    }

    @Test
    void asksForAnIdOnce() throws MalformedRecordException {
        for (int i = 0; i < 3; i++) {
            assertThat(schemas.fingerprintOf(7))
                    .isEqualTo(WireFormat.fingerprint(Packet.getClassSchema()));
        }

        assertThat(asked).containsExactly(7);
    }

    @Test
    void asksForARefusedIdOnceAMinute() {
        for (int i = 0; i < 3; i++) {
            assertRefused(8, "no schema 8");
            assertRefused(9, "a io.serveflow.avro.Verdict on the packet topic");
        }
        assertThat(asked).containsExactly(8, 9);

        nanoTime += TimeUnit.MINUTES.toNanos(1) - 1;
        assertRefused(8, "no schema 8");
        assertThat(asked).containsExactly(8, 9);

        nanoTime++;
        assertRefused(8, "no schema 8");
        assertRefused(8, "no schema 8");
        assertThat(asked).containsExactly(8, 9, 8);
    }

    @Test
    void findsAnIdThatWasRegisteredSince() throws MalformedRecordException {
        assertRefused(8, "no schema 8");
        registered.put(8, Heartbeat.getClassSchema());
        nanoTime += TimeUnit.MINUTES.toNanos(1);

        assertThat(schemas.fingerprintOf(8))
                .isEqualTo(WireFormat.fingerprint(Heartbeat.getClassSchema()));
    }

    @Test
    void forgetsTheIdThatWasRefusedFirstWhenThereAreMany() {
        for (int id = 100; id <= 100 + RefusedIds.MOST; id++) {
            assertRefused(id, "no schema " + id);
        }
        asked.clear();

        assertRefused(101, "no schema 101");
        assertRefused(100, "no schema 100");
        assertThat(asked).containsExactly(100);
    }

    private void assertRefused(int id, String reason) {
        assertThatThrownBy(() -> schemas.fingerprintOf(id))
                .isInstanceOf(MalformedRecordException.class)
                .hasMessage(reason);
    }

    private Schema schemaById(int id) throws MalformedRecordException {
        asked.add(id);
        Schema schema = registered.get(id);
        if (schema == null) {
            throw new MalformedRecordException("no schema " + id);
        }
        return schema;
    }
}
