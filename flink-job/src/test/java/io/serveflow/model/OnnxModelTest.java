package io.serveflow.model;

import io.serveflow.feature.FeatureSets;
import io.serveflow.testing.OnnxBytes;
import io.serveflow.testing.Plans;

import org.junit.jupiter.api.Test;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class OnnxModelTest {

    @Test
    void givesWhatTheOperatorsSay() {
        float[] probabilities = new float[3];
        try (OnnxModel model = OnnxModel.open("m.onnx", OnnxBytes.softmax(3), 3, 3)) {
            model.predict(rows(1, 2, 3), 1, probabilities);
        }

        double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
        for (int i = 0; i < 3; i++) {
            assertThat(probabilities[i]).isCloseTo((float) (Math.exp(i + 1) / sum), within(1e-6f));
        }
    }

    @Test
    void answersABatchOfAnySizeAsItAnswersOneRow() {
        ServingPlan plan = Plans.bundled();
        Random random = new Random(11);
        for (Stage stage : plan.stages()) {
            assertBatchesEqualSingles(plan, stage, random);
        }
    }

    private static void assertBatchesEqualSingles(ServingPlan plan, Stage stage, Random random) {
        int classes = plan.labels().size();
        int width = FeatureSets.named(stage.featureSet()).width(stage.packets());
        byte[] onnx = plan.models().get(stage.file());
        try (OnnxModel model = OnnxModel.open(stage.file(), onnx, width, classes)) {
            for (int size : new int[] {1, 2, 31, 64, 7}) {
                float[] values = new float[size * width];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextInt(5) == 0 ? random.nextInt(65536) : random.nextInt(3);
                }
                float[] batch = new float[size * classes];
                model.predict(rows(values), size, batch);
                float[] single = new float[classes];
                for (int row = 0; row < size; row++) {
                    int from = row * width;
                    model.predict(rows(Arrays.copyOfRange(values, from, from + width)), 1, single);
                    assertThat(Arrays.copyOfRange(batch, row * classes, (row + 1) * classes))
                            .as("%s, row %d of %d", stage.name(), row, size)
                            .containsExactly(single, within(1e-6f));
                }
            }
        }
    }

    @Test
    void refusesAModelOfOtherWidths() {
        byte[] onnx = OnnxBytes.softmax(3);

        refused(onnx, 4, 3, "input features should be float [rows, 4]");
        refused(onnx, 3, 2, "output probabilities should be float [rows, 2]");
    }

    @Test
    void refusesAModelThatTakesOnlyOneRowAtATime() {
        byte[] onnx = OnnxBytes.softmax("features", "probabilities", OnnxBytes.FLOAT, 1, 3);

        refused(onnx, 3, 3, "input features should be float [rows, 3]");
    }

    /** Its shapes say that any number will do. */
    @Test
    void refusesAModelThatFailsAtTheSecondRow() {
        refused(OnnxBytes.softmaxOfOneRow(3), 3, 3, "answers one row, but not a batch of 3 rows");
    }

    @Test
    void refusesAModelWhoseRowsDependOnEachOther() {
        refused(OnnxBytes.softmaxOverAllRows(3), 3, 3, "other probabilities in a batch than alone");
    }

    /** Such answers are counted where they occur; the first row must do, though. */
    @Test
    void takesAModelThatHasNoNumberForSomeRows() {
        OnnxModel.open("m.onnx", OnnxBytes.rootsOfNegatives(3, 2), 3, 2).close();
    }

    @Test
    void refusesAModelOfAnotherNumberType() {
        byte[] onnx =
                OnnxBytes.softmax("features", "probabilities", OnnxBytes.DOUBLE, OnnxBytes.ANY, 3);

        refused(onnx, 3, 3, "should be float");
    }

    @Test
    void refusesAModelWithOtherNames() {
        byte[] input = OnnxBytes.softmax("x", "probabilities", OnnxBytes.FLOAT, OnnxBytes.ANY, 3);
        byte[] output = OnnxBytes.softmax("features", "y", OnnxBytes.FLOAT, OnnxBytes.ANY, 3);

        refused(input, 3, 3, "needs one input named features, has [x]");
        refused(output, 3, 3, "needs one output named probabilities, has [y]");
    }

    @Test
    void refusesWhatOnnxRuntimeCannotLoadInOneLine() {
        byte[] node = new OnnxBytes().text(1, "a").text(2, "b").text(4, "NoSuchThing").bytes();
        byte[] graph = new OnnxBytes().message(1, node).text(2, "g").bytes();
        byte[] onnx =
                new OnnxBytes()
                        .number(1, 8)
                        .message(7, graph)
                        .message(8, new OnnxBytes().text(1, "").number(2, 13).bytes())
                        .bytes();

        refused(onnx, 3, 3, "ONNX Runtime refuses the model");
    }

    private static FloatBuffer rows(float... values) {
        FloatBuffer rows = OnnxModel.direct(values.length);
        rows.put(0, values);
        return rows;
    }

    private static void refused(byte[] onnx, int width, int classes, String reason) {
        assertThatThrownBy(() -> OnnxModel.open("m.onnx", onnx, width, classes))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("m.onnx: ")
                .hasMessageContaining(reason)
                .message()
                .hasLineCount(1);
    }
}
