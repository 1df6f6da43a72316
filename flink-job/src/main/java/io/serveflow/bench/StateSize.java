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

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("answered", Math.round(answered));
        json.put("waiting", Math.round(waiting));
        json.put("waiting_packets", waitingPackets);
        json.put("heap_answered", Math.round(heapAnswered));
        json.put("heap_waiting", Math.round(heapWaiting));
        json.put("flows", flows);
        return json;
    }

    String text() {
        return String.format(
                "answered %.0f, waiting with %d packets %.0f in a savepoint; on the heap %.0f, %.0f",
                answered, waitingPackets, waiting, heapAnswered, heapWaiting);
    }
}
