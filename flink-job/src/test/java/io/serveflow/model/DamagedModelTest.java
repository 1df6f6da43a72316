package io.serveflow.model;

import io.serveflow.testing.Bundle;
import io.serveflow.testing.OnnxBytes;
import io.serveflow.testing.Plans;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Model files whose hash is right and whose content is not: what a careless exporter makes. */
class DamagedModelTest {

    @TempDir Path directory;

    private Bundle bundle;
    private byte[] model;

    @BeforeEach
    void copy() {
        bundle = Bundle.copyTo(directory);
        model = Plans.bundled().models().get(Plans.bundled().stages().get(0).file());
    }

    @Test
    void refusesAModelThatEndsEarlyWhereverItEnds() {
        for (int cut = 0; cut < 40; cut++) {
            int length = (int) ((long) model.length * cut / 40);
            refused(Arrays.copyOf(model, length));
        }
        refused(Arrays.copyOf(model, model.length - 1));
    }

    @Test
    void refusesRandomBytes() {
        Random random = new Random(13);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[1 + random.nextInt(5000)];
            random.nextBytes(bytes);
            refused(bytes);
        }
    }

    @Test
    void refusesAModelOfForeignOperators() {
        byte[] node = new OnnxBytes().text(4, "Run").text(7, "com.example").bytes();
        byte[] graph = new OnnxBytes().message(1, node).bytes();

        refused(OnnxBytes.merged(model, new OnnxBytes().message(7, graph).bytes()));
    }

    @Test
    void refusesAModelOfOtherShapes() {
        refused(OnnxBytes.softmax(3));
    }

    private void refused(byte[] onnx) {
        bundle.replaceModel(0, onnx);
        assertThatThrownBy(() -> new PlanRepository().load(directory.toString()))
                .as("%d bytes", onnx.length)
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("other.onnx: ")
                .message()
                .hasLineCount(1);
    }
}
