package io.serveflow.model;

import io.serveflow.testing.OnnxBytes;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What is refused before ONNX Runtime sees a byte of it. */
class OnnxContentTest {

    private static final byte[] MODEL = OnnxBytes.softmax(3);

    @Test
    void acceptsAPlainModel() {
        assertThatCode(() -> OnnxContent.check("m.onnx", MODEL)).doesNotThrowAnyException();
    }

    @Test
    void refusesOperatorsOfAForeignDomain() {
        byte[] node = new OnnxBytes().text(4, "Run").text(7, "com.example").bytes();

        refused(graphWith(1, node), "m.onnx: uses operators of the domain com.example");
    }

    @Test
    void refusesForeignOperatorsWithinTheBranchOfAnother() {
        byte[] inner = new OnnxBytes().text(7, "com.example").bytes();
        byte[] branch = new OnnxBytes().message(1, inner).bytes();
        byte[] attribute = new OnnxBytes().message(6, branch).bytes();
        byte[] node = new OnnxBytes().text(4, "If").message(5, attribute).bytes();

        refused(graphWith(1, node), "com.example");
    }

    @Test
    void refusesWeightsInOtherFiles() {
        byte[] path = new OnnxBytes().text(1, "location").text(2, "/etc/passwd").bytes();

        refused(graphWith(5, new OnnxBytes().message(13, path).bytes()), "data in other files");
        refused(graphWith(5, new OnnxBytes().number(14, 1).bytes()), "data in other files");
    }

    @Test
    void refusesWeightsInOtherFilesWithinAnAttribute() {
        byte[] tensor = new OnnxBytes().number(14, 1).bytes();
        byte[] attribute = new OnnxBytes().message(5, tensor).bytes();

        refused(
                graphWith(1, new OnnxBytes().message(5, attribute).bytes()),
                "m.onnx: keeps data in other files; export with all data inside");
    }

    @Test
    void refusesFunctionsAndSparseWeights() {
        byte[] function = new OnnxBytes().message(25, new byte[0]).bytes();

        refused(OnnxBytes.merged(MODEL, function), "defines functions of its own");
        refused(graphWith(15, new byte[0]), "has sparse initializers");
        for (int field : new int[] {22, 23}) {
            byte[] attribute = new OnnxBytes().message(field, new byte[0]).bytes();
            byte[] node = new OnnxBytes().message(5, attribute).bytes();
            refused(graphWith(1, node), "has sparse constants");
        }
    }

    /** A parser keeps 32 bits of a tag: what is another field beyond them is this one to it. */
    @Test
    void refusesTagsThatAParserWouldCutToAnotherField() {
        long hidden = 1L << 29;
        byte[] path = new OnnxBytes().text(1, "location").text(2, "secret.bin").bytes();
        byte[] weights = new OnnxBytes().message(hidden | 13, path).bytes();
        byte[] node = new OnnxBytes().text(4, "Run").message(hidden | 7, new byte[] {'x'}).bytes();

        refused(graphWith(5, weights), "is no ONNX model (broken at byte");
        refused(graphWith(1, node), "is no ONNX model (broken at byte");
        refused(
                OnnxBytes.merged(MODEL, new OnnxBytes().message(hidden | 25, path).bytes()),
                "is no ONNX model (broken at byte");
        refused(OnnxBytes.merged(MODEL, new byte[] {2, 0}), "is no ONNX model (broken at byte");
    }

    @Test
    void refusesTheOtherFormatThatTheRuntimeReads() {
        // A field of six bytes, tag and length before it, has the mark where the format has it.
        byte[] marked = new OnnxBytes().text(2, "??ORTM").bytes();
        refused(OnnxBytes.merged(marked, MODEL), "is in ONNX Runtime's own format (.ort)");
    }

    @Test
    void refusesOperatorsThatMayNeverEnd() {
        for (String operator : new String[] {"Loop", "Scan"}) {
            byte[] node = new OnnxBytes().text(4, operator).bytes();
            refused(graphWith(1, node), "has the operator " + operator + ", which may never end");
        }
    }

    @Test
    void refusesGraphsNestedWithoutEnd() {
        byte[] graph = new byte[0];
        for (int depth = 0; depth < 40; depth++) {
            byte[] attribute = new OnnxBytes().message(6, graph).bytes();
            byte[] node = new OnnxBytes().message(5, attribute).bytes();
            graph = new OnnxBytes().message(1, node).bytes();
        }

        refused(new OnnxBytes().message(7, graph).bytes(), "graphs nested deeper than 16");
    }

    @Test
    void refusesAFileBeyondTheBound() {
        refused(new byte[OnnxContent.MAX_BYTES + 1], "67108865 bytes, more than the 67108864");
    }

    @Test
    void refusesAnEmptyFile() {
        refused(new byte[0], "m.onnx: is no ONNX model");
    }

    @Test
    void refusesOrAcceptsButNeverBreaksOnRandomBytes() {
        Random random = new Random(9);
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            neverBreaks(bytes);
        }
    }

    @Test
    void refusesOrAcceptsButNeverBreaksOnDamagedModels() {
        Random random = new Random(10);
        for (int length = 0; length < MODEL.length; length++) {
            neverBreaks(Arrays.copyOf(MODEL, length));
            byte[] damaged = MODEL.clone();
            damaged[length] = (byte) random.nextInt();
            neverBreaks(damaged);
        }
    }

    private static void neverBreaks(byte[] bytes) {
        try {
            OnnxContent.check("m.onnx", bytes);
        } catch (ModelException refusal) {
            assertThat(refusal).hasMessageStartingWith("m.onnx: ");
        }
    }

    private static byte[] graphWith(int field, byte[] message) {
        byte[] graph = new OnnxBytes().message(field, message).bytes();
        return OnnxBytes.merged(MODEL, new OnnxBytes().message(7, graph).bytes());
    }

    private static void refused(byte[] onnx, String reason) {
        assertThatThrownBy(() -> OnnxContent.check("m.onnx", onnx))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("m.onnx: ")
                .hasMessageContaining(reason);
    }
}
