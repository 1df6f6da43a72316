package io.serveflow.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Loads serving plans: from a directory, or one of those inside the job's own jar. Everything is
 * checked before anything runs; what is wrong is said in one line.
 */
public final class PlanRepository {

    /** The plan that the job serves if nobody names another. */
    public static final String DEFAULT = "service-recognition";

    private static final String PLAN_FILE = "plan.json";
    private static final int MAX_PLAN_BYTES = 4 << 20;

    private final ObjectMapper json = new ObjectMapper();

    /**
     * Loads a plan.
     *
     * @param location a directory that holds a plan.json, or the name of a bundled plan
     */
    public ServingPlan load(String location) {
        Path directory = Path.of(location);
        if (Files.isDirectory(directory)) {
            return load(location, name -> read(directory.resolve(name)));
        }
        if (Files.exists(directory)) {
            throw new ModelException(
                    location + ": is no directory; name the one that holds " + PLAN_FILE);
        }
        return load(location, name -> readBundled(location, name));
    }

    private ServingPlan load(String location, BundleFiles files) {
        byte[] plan = files.read(PLAN_FILE);
        if (plan.length > MAX_PLAN_BYTES) {
            throw new ModelException(location + "/" + PLAN_FILE + ": too large");
        }
        JsonNode root;
        try {
            root = json.readTree(plan);
        } catch (JacksonException e) {
            throw new ModelException(
                    location + "/" + PLAN_FILE + ": is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ModelException(location + "/" + PLAN_FILE + ": cannot be read", e);
        }
        PlanReader reader = new PlanReader(location + "/" + PLAN_FILE, root);
        Map<String, byte[]> models = new HashMap<>();
        for (Stage stage : reader.stages()) {
            byte[] onnx = files.read(stage.file());
            if (onnx.length > OnnxContent.MAX_BYTES) {
                throw new ModelException(location + "/" + stage.file() + ": too large");
            }
            String actual = sha256(onnx);
            if (!actual.equals(stage.sha256())) {
                throw new ModelException(
                        String.format(
                                "%s/%s: SHA-256 is %s, the plan says %s; the file was changed or"
                                        + " damaged, restore the bundle",
                                location, stage.file(), actual, stage.sha256()));
            }
            models.put(stage.file(), onnx);
        }
        ServingPlan result = reader.plan(models);
        for (Stage stage : result.stages()) {
            StageModel.open(result, stage, 1).close();
        }
        return result;
    }

    private static byte[] read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException(file + ": no such file; is this a model bundle?");
        }
        try {
            if (Files.size(file) > OnnxContent.MAX_BYTES) {
                throw new ModelException(file + ": too large");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ModelException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static byte[] readBundled(String name, String file) {
        String resource = "/plans/" + name + "/" + file;
        try (InputStream in = PlanRepository.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new ModelException(
                        name
                                + ": neither a directory nor a bundled plan; bundled are"
                                + " service-recognition and device-identification");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ModelException(resource + ": cannot be read from the job's jar", e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Where the files of a bundle come from. */
    private interface BundleFiles {
        byte[] read(String name);
    }
}
