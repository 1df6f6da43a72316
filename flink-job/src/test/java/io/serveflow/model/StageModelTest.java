package io.serveflow.model;

import io.serveflow.feature.FeatureSets;
import io.serveflow.testing.Plans;

import org.junit.jupiter.api.Test;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Models are native memory, which is freed when they are closed and at no other time. */
class StageModelTest {

    private static final Stage STAGE = Plans.bundled().stages().get(0);
    private static final int NO_ROOM = -1;

    private final List<Model> closed = new ArrayList<>();

    @Test
    void closesItsModelIfThereIsNoRoomForRows() {
        Model model = new Closeable();

        assertThatThrownBy(() -> open(model, NO_ROOM)).isInstanceOf(RuntimeException.class);

        assertThat(closed).containsExactly(model);
    }

    @Test
    void closesTheStagesThatAreOpenIfAnotherCannotBeOpened() {
        Model first = new Closeable();
        Model second = new Closeable();
        List<Model> left = new ArrayList<>(List.of(first, second));

        assertThatThrownBy(
                        () ->
                                StageModel.openAll(
                                        List.of(STAGE, STAGE, STAGE),
                                        stage -> {
                                            if (left.isEmpty()) {
                                                throw new OutOfMemoryError("no direct memory");
                                            }
                                            return open(left.remove(0), 1);
                                        }))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(closed).containsExactly(first, second);
    }

    private static StageModel open(Model model, int capacity) {
        return new StageModel(STAGE, FeatureSets.named(STAGE.featureSet()), model, 3, capacity);
    }

    /** Says when it is closed. */
    private final class Closeable implements Model {

        @Override
        public void predict(FloatBuffer features, int rows, float[] probabilities) {
            throw new UnsupportedOperationException("is never asked");
        }

        @Override
        public void close() {
            closed.add(this);
        }
    }
}
