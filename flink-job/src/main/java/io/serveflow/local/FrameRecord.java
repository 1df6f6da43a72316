package io.serveflow.local;

/**
 * One frame of a capture file, or what is wrong with the file.
 *
 * @param wire number of the file, where files stand alone; else 0
 * @param source name of the file
 * @param number number of the frame within its wire, counted from 0
 * @param damage what ends the file early; null for a frame
 */
public record FrameRecord(
        int wire,
        String source,
        long number,
        long timeNanos,
        int linkType,
        int length,
        byte[] data,
        FrameDamage damage) {

    /** The two ways a file ends early. */
    public enum FrameDamage {
        TRUNCATED_FILE,
        CORRUPT_FILE
    }
}
