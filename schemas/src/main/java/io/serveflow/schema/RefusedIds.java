package io.serveflow.schema;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Schema ids that were refused within the last minute, and why: a registry is not asked again with
 * every record, but is once somebody may have registered the schema. Memory is bounded; the id that
 * was refused first is forgotten first.
 */
final class RefusedIds {

    static final int MOST = 1024;

    private static final long REMEMBERED = TimeUnit.MINUTES.toNanos(1);

    private final Map<Integer, Refusal> refusals = new LinkedHashMap<>();
    private final LongSupplier nanoTime;

    RefusedIds(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void add(int id, String reason) {
        refusals.remove(id); // so that it goes to the end
        refusals.put(id, new Refusal(reason, nanoTime.getAsLong()));
        if (refusals.size() > MOST) {
            refusals.remove(refusals.keySet().iterator().next());
        }
    }

    /** Refuses {@code id} again for the reason of the last time, if that was not long ago. */
    void check(int id) throws MalformedRecordException {
        Refusal refusal = refusals.get(id);
        if (refusal != null && nanoTime.getAsLong() - refusal.nanoTime < REMEMBERED) {
            throw new MalformedRecordException(refusal.reason);
        }
    }

    private record Refusal(String reason, long nanoTime) {}
}
