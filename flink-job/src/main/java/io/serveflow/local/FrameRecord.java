package io.serveflow.local;

/**
 * One frame of a capture file, or what is wrong with it or the file.
 *
 * @param wire number of the file, where files stand alone; else 0
 * @param source name of the file that the frame is from, or what is wrong
 * @param number number of the frame within its wire, counted from 0
 * @param damage what stands in place of a frame; null for one
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
        /** A record is impossible; what follows cannot be found. */
        CORRUPT_FILE,
        /** A record is impossible, but the next one was found. */
        IMPOSSIBLE_RECORD,
        /**
         * No damage: everything was read. Flink's iterator source cannot be empty, a capture can.
         */
        END
    }
}
