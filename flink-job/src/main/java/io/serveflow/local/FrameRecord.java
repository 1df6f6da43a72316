package io.serveflow.local;

/**
 * One frame of a capture file, or what is wrong with the file.
 *
 * @param wire number of the file, where files stand alone; else 0
 * @param source name of the file that the frame is from
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

    /** What stands in place of a frame. */
    public enum FrameDamage {
        /** The file ends within a record. */
        TRUNCATED_FILE,
        /** A record is impossible. */
        CORRUPT_FILE,
        /**
         * No damage: everything was read. Flink's iterator source cannot be empty, a capture can.
         */
        END
    }
}
