package io.serveflow.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bytes that the job keeps of one flow: in a savepoint (keys, flow, timer, as written to disk) and
 * on the heap (what a full collection leaves, less what it left with half as many flows).
 *
 * @param waitingPackets packets that the waiting flows had
 */
record StateSize(
        double answered,
        double waiting,
        int waitingPackets,
        double heapAnswered,
        double heapWaiting,
        long flows) {

    /** Under a plan that answers every flow on packet 1 none waits. */
    static StateSize ofAnswered(double answered, double heapAnswered, long flows) {
        return new StateSize(answered, Double.NaN, 0, heapAnswered, Double.NaN, flows);
    }

    private boolean someWait() {
        return waitingPackets > 0;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("answered", Math.round(answered));
        json.put("waiting", someWait() ? Math.round(waiting) : null);
        json.put("waiting_packets", waitingPackets);
        json.put("heap_answered", Math.round(heapAnswered));
        json.put("heap_waiting", someWait() ? Math.round(heapWaiting) : null);
        json.put("flows", flows);
        return json;
    }

    String text() {
        if (!someWait()) {
            return String.format(
                    "answered %.0f in a savepoint, %.0f on the heap; none waits",
                    answered, heapAnswered);
        }
        return String.format(
                "answered %.0f, waiting with %d packets %.0f in a savepoint; on the heap %.0f, %.0f",
                answered, waitingPackets, waiting, heapAnswered, heapWaiting);
    }
}
