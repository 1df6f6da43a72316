package io.serveflow.schema;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Between Avro's {@link Instant} fields and plain microseconds. */
public final class AvroTimes {

    private AvroTimes() {}

    public static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** The wall clock, to the microsecond: what it says is what a record can hold. */
    public static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
