package io.serveflow.publish;

import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;

/**
 * Why Kafka did not take something, and what to do about it.
 *
 * @param reason the kind of failure and its first message; others differ in numbers only
 * @param packets how many packets were not taken because of it
 * @param everyTime whether the records are at fault: others are taken, and these never will be
 */
public record PublishFailure(String reason, long packets, boolean everyTime) {

    /** Kafka's words for what shared a batch with such a record: that has no kind of its own. */
    private static final String IN_BAD_COMPANY = "part of a batch";

    static PublishFailure of(Exception cause, long packets) {
        return new PublishFailure(
                kind(cause) + ": " + cause.getMessage(), packets, isEveryTime(cause));
    }

    static String kind(Exception cause) {
        return cause.getClass().getSimpleName();
    }

    static boolean isEveryTime(Exception cause) {
        return cause instanceof InvalidTimestampException
                || cause instanceof InvalidRecordException
                || cause.getMessage() != null && cause.getMessage().contains(IN_BAD_COMPANY);
    }

    /** For the end of a line. */
    public String remedy() {
        return everyTime
                ? "raise message.timestamp.after.max.ms of the topic, or mend the capture times, as"
                        + " with editcap -t"
                : "check the broker, then publish again";
    }
}
