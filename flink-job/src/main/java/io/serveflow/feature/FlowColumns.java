package io.serveflow.feature;

import java.util.ArrayList;
import java.util.List;

import static io.serveflow.feature.PacketColumns.DIRECTION;
import static io.serveflow.feature.PacketColumns.FLAGS;
import static io.serveflow.feature.PacketColumns.INTER_ARRIVAL;
import static io.serveflow.feature.PacketColumns.IP_LENGTH;
import static io.serveflow.feature.PacketColumns.PAYLOAD_LENGTH;

/**
 * The columns that sum up the packets so far. They are computed from the packets' own columns in
 * the same row, so that nothing is kept between rows and nothing is parsed twice.
 */
final class FlowColumns {

    /** Conversations are told apart by their first few messages. */
    private static final int MESSAGES = 8;

    private static final int BURSTS = 4;
    private static final int FORWARD = 1;
    private static final int BACKWARD = -1;
    private static final int BOTH = 0;
    private static final int[] DIRECTIONS = {BOTH, FORWARD, BACKWARD};
    private static final int[] QUANTITIES = {IP_LENGTH, PAYLOAD_LENGTH, INTER_ARRIVAL};

    /** FIN, SYN, RST, PSH. */
    private static final int COUNTED_FLAGS = 4;

    private FlowColumns() {}

    static List<String> names(int packets) {
        List<String> names = new ArrayList<>(List.of("packets", "log_duration", "turns"));
        for (String direction : List.of("forward", "backward")) {
            names.add(direction + "_packets");
            names.add(direction + "_messages");
            names.add(direction + "_payload");
        }
        for (String quantity : List.of("ip_length", "payload_length", "log_inter_arrival")) {
            for (String direction : List.of("", "forward_", "backward_")) {
                for (String statistic : List.of("mean", "std", "min", "max")) {
                    names.add(direction + quantity + "_" + statistic);
                }
            }
        }
        for (String flag : List.of("fin", "syn", "rst", "psh")) {
            names.add("tcp_" + flag + "_packets");
        }
        for (int i = 1; i <= Math.min(packets, MESSAGES); i++) {
            names.add("message_" + i);
        }
        for (int i = 1; i <= Math.min(packets, BURSTS); i++) {
            names.add("burst_" + i);
        }
        return names;
    }

    /**
     * Writes the columns for a depth of {@code packets}, of which {@code present} have come.
     *
     * @param first where packet 1's columns start in {@code row}
     */
    static void write(
            int packets, int present, long durationNanos, float[] row, int first, int offset) {
        int at = offset;
        row[at++] = present;
        row[at++] = PacketColumns.logMicros(durationNanos);
        row[at++] = turns(row, first, present);
        for (int direction = FORWARD; direction >= BACKWARD; direction -= 2) {
            row[at++] = count(row, first, present, direction, false);
            row[at++] = count(row, first, present, direction, true);
            row[at++] = payload(row, first, present, direction);
        }
        for (int quantity : QUANTITIES) {
            for (int direction : DIRECTIONS) {
                writeStatistics(row, first, present, quantity, direction, at);
                at += 4;
            }
        }
        for (int flag = 0; flag < COUNTED_FLAGS; flag++) {
            row[at++] = flagged(row, first, present, FLAGS + flag);
        }
        writeMessages(row, first, present, at, Math.min(packets, MESSAGES));
        at += Math.min(packets, MESSAGES);
        writeBursts(row, first, present, at, Math.min(packets, BURSTS));
    }

    private static float value(float[] row, int first, int packet, int column) {
        return row[first + packet * PacketColumns.WIDTH + column];
    }

    private static boolean goes(float[] row, int first, int packet, int direction) {
        return direction == BOTH || value(row, first, packet, DIRECTION) == direction;
    }

    private static int turns(float[] row, int first, int present) {
        int turns = 0;
        for (int i = 1; i < present; i++) {
            if (value(row, first, i, DIRECTION) != value(row, first, i - 1, DIRECTION)) {
                turns++;
            }
        }
        return turns;
    }

    private static int count(
            float[] row, int first, int present, int direction, boolean withPayload) {
        int count = 0;
        for (int i = 0; i < present; i++) {
            if (goes(row, first, i, direction)
                    && (!withPayload || value(row, first, i, PAYLOAD_LENGTH) > 0)) {
                count++;
            }
        }
        return count;
    }

    private static float payload(float[] row, int first, int present, int direction) {
        float sum = 0;
        for (int i = 0; i < present; i++) {
            if (goes(row, first, i, direction)) {
                sum += value(row, first, i, PAYLOAD_LENGTH);
            }
        }
        return sum;
    }

    private static int flagged(float[] row, int first, int present, int column) {
        int count = 0;
        for (int i = 0; i < present; i++) {
            if (value(row, first, i, column) == 1) {
                count++;
            }
        }
        return count;
    }

    /** Mean, standard deviation, minimum and maximum, or four times absent. */
    private static void writeStatistics(
            float[] row, int first, int present, int column, int direction, int at) {
        int count = 0;
        double sum = 0;
        double squares = 0;
        float min = Float.MAX_VALUE;
        float max = -Float.MAX_VALUE;
        // The first packet has no packet before it: its inter-arrival time is none, not zero.
        for (int i = column == INTER_ARRIVAL ? 1 : 0; i < present; i++) {
            if (goes(row, first, i, direction)) {
                float value = value(row, first, i, column);
                count++;
                sum += value;
                squares += (double) value * value;
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        double mean = count == 0 ? HeaderReader.ABSENT : sum / count;
        row[at] = (float) mean;
        row[at + 1] =
                count == 0
                        ? HeaderReader.ABSENT
                        : (float) Math.sqrt(Math.max(squares / count - mean * mean, 0));
        row[at + 2] = count == 0 ? HeaderReader.ABSENT : min;
        row[at + 3] = count == 0 ? HeaderReader.ABSENT : max;
    }

    /** Payload lengths of the packets that carry any, backward ones negative; 0 = none came. */
    private static void writeMessages(float[] row, int first, int present, int at, int messages) {
        int written = 0;
        for (int i = 0; i < present && written < messages; i++) {
            float payload = value(row, first, i, PAYLOAD_LENGTH);
            if (payload > 0) {
                row[at + written++] = payload * value(row, first, i, DIRECTION);
            }
        }
        while (written < messages) {
            row[at + written++] = 0;
        }
    }

    /** Payload bytes between two changes of direction: messages, however they were segmented. */
    private static void writeBursts(float[] row, int first, int present, int at, int bursts) {
        int written = 0;
        float burst = 0;
        for (int i = 0; i < present && written < bursts; i++) {
            float payload = value(row, first, i, PAYLOAD_LENGTH) * value(row, first, i, DIRECTION);
            if (payload * burst < 0) {
                row[at + written++] = burst;
                burst = 0;
            }
            burst += payload;
        }
        while (written < bursts) {
            row[at + written++] = burst;
            burst = 0;
        }
    }
}
