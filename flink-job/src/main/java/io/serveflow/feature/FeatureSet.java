package io.serveflow.feature;

import io.serveflow.flow.PacketList;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Turns the first packets of a flow into a row of numbers. The running job and the export of
 * training data both call it, so that training and serving cannot differ. Implementations keep no
 * state between rows and use neither addresses nor ports unless their name says so.
 */
public interface FeatureSet {

    /** Name by which a serving plan asks for the set. */
    String name();

    /** Raised whenever a value or the order of the columns changes. */
    int version();

    /** Names of the columns for a depth of {@code packets} packets, in order. */
    List<String> names(int packets);

    /** Columns for a depth of {@code packets} packets. */
    default int width(int packets) {
        return names(packets).size();
    }

    /**
     * Writes one row, computed from the first {@code packets} of {@code list} (or all, where there
     * are fewer), to {@code row[offset]} and on. Sets every one of the {@link #width} values.
     */
    void write(PacketList list, int packets, float[] row, int offset);

    /** SHA-256 over name, version and columns: what a model was trained on. */
    default String sha256(int packets) {
        String text = name() + "/" + version() + "\n" + String.join("\n", names(packets));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
