package io.serveflow.classify;

import io.serveflow.schema.FlowKey;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

class FlowIdsTest {

    private static final FlowKey KEY = FlowKey.ipv4(0x0A000001, 0x0A000002, 443 << 16 | 5, 6, 0);

    /** Readers keep ids over releases: these may never change. */
    @Test
    void staysWhatItWas() {
        assertThat(FlowIds.flowId(KEY, 1_700_000_000_000_000_000L))
                .isEqualTo("1f830b2cabbcd5ac248bec40aad78053");
        assertThat(FlowIds.verdictId(KEY, 1_700_000_000_000_000_000L, 0))
                .isEqualTo("ecf586d852ea82a9329d1e01ab016cb4");
    }

    @Test
    void hasAnIdForEverySegmentTimeAndKey() {
        FlowKey other = FlowKey.ipv4(0x0A000001, 0x0A000002, 443 << 16 | 6, 6, 0);
        Set<String> ids = new HashSet<>();
        for (int segment = 0; segment < 100; segment++) {
            for (int nanos = 0; nanos < 10; nanos++) {
                ids.add(FlowIds.verdictId(KEY, nanos, segment));
                ids.add(FlowIds.verdictId(other, nanos, segment));
            }
        }

        assertThat(ids).hasSize(2000).allMatch(id -> id.matches("[0-9a-f]{32}"));
    }
}
