package io.serveflow.feature;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FeatureSetsTest {

    static List<FeatureSet> sets() {
        return FeatureSets.all();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void hasANameForEveryColumnAndNoneTwice(FeatureSet set) {
        for (int packets : new int[] {1, 2, 3, 10, 20}) {
            assertThat(set.names(packets)).hasSize(set.width(packets)).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @MethodSource("sets")
    void isFoundByItsName(FeatureSet set) {
        assertThat(FeatureSets.named(set.name())).isSameAs(set);
    }

    @ParameterizedTest
    @MethodSource("sets")
    void hasAHashOfItsOwnForEveryDepth(FeatureSet set) {
        assertThat(set.sha256(1)).matches("[0-9a-f]{64}").isNotEqualTo(set.sha256(2));
    }

    @ParameterizedTest
    @MethodSource("sets")
    void saysInItsNameIfItReadsPorts(FeatureSet set) {
        boolean ports =
                set.names(1).stream().anyMatch(name -> name.matches(".*(port|sprt|dprt).*"));

        assertThat(ports).isEqualTo(set.name().contains("port") || set.name().contains("full"));
    }

    @Test
    void refusesANameThatItDoesNotKnow() {
        assertThatThrownBy(() -> FeatureSets.named("payload"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("payload")
                .hasMessageContaining("header-port");
    }
}
