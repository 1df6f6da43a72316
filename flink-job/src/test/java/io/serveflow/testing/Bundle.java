package io.serveflow.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;

/** A copy of the bundled plan in a directory of its own, to be damaged. */
public final class Bundle {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    private Bundle(Path directory) {
        this.directory = directory;
    }

    public static Bundle copyTo(Path directory) {
        Bundle bundle = new Bundle(directory);
        bundle.write("plan.json", resource("plan.json"));
        Plans.bundled().models().forEach(bundle::write);
        return bundle;
    }

    public Path directory() {
        return directory;
    }

    /** Changes the plan. */
    public void edit(Consumer<ObjectNode> change) {
        try {
            ObjectNode plan = (ObjectNode) JSON.readTree(resource("plan.json"));
            change.accept(plan);
            write("plan.json", JSON.writeValueAsBytes(plan));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes a stage of the plan. */
    public void editStage(int index, Consumer<ObjectNode> change) {
        edit(plan -> change.accept((ObjectNode) plan.withArray("stages").get(index)));
    }

    /** Replaces the model of a stage, and its hash in the plan. */
    public void replaceModel(int stage, byte[] onnx) {
        editStage(
                stage,
                node -> {
                    node.withObject("/model").put("file", "other.onnx").put("sha256", sha256(onnx));
                });
        write("other.onnx", onnx);
    }

    public void write(String file, byte[] content) {
        try {
            Files.write(directory.resolve(file), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] resource(String file) {
        String name = "/plans/" + Plans.bundled().name() + "/" + file;
        try (InputStream in = Bundle.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
