package io.serveflow.state;

import io.serveflow.schema.FlowKey;

import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class KeyGroupsTest {

    /** Where Flink keeps a table's image, it keeps the flows of the table's key group. */
    @ParameterizedTest
    @CsvSource({"0, 127, 128", "40, 52, 128", "0, 0, 1", "32700, 32767, 32768"})
    void representsEachGroupByAKeyOfIt(int first, int last, int maxParallelism) {
        KeyGroups groups = new KeyGroups(KeyGroupRange.of(first, last), maxParallelism);

        assertThat(groups.count()).isEqualTo(last - first + 1);
        for (int i = 0; i < groups.count(); i++) {
            FlowKey key = groups.representative(i);
            assertThat(KeyGroupRangeAssignment.assignToKeyGroup(key, maxParallelism))
                    .isEqualTo(first + i);
            assertThat(groups.indexOf(key)).isEqualTo(i);
        }
    }

    @Test
    void representsAGroupByTheSameKeyWhoeverHasIt() {
        KeyGroups all = new KeyGroups(KeyGroupRange.of(0, 127), 128);
        KeyGroups some = new KeyGroups(KeyGroupRange.of(64, 127), 128);

        assertThat(some.representative(5)).isEqualTo(all.representative(69));
    }
}
