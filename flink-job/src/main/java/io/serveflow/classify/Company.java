package io.serveflow.classify;

/**
 * Whether a flow that comes to be judged may hope for others to share the call with. After a pause
 * of twice the time that it would wait, it may not: on a quiet wire waiting wins nothing and is
 * most of what an operator adds to a verdict's latency.
 */
final class Company {

    private final long pauseMillis;
    private long lastMillis;
    private long quietMillis = Long.MIN_VALUE;

    Company(long batchMillis, long nowMillis) {
        pauseMillis = 2 * batchMillis;
        lastMillis = nowMillis;
    }

    /** A flow has come. All that come in the millisecond that ends a pause are alone. */
    boolean expected(long nowMillis) {
        if (nowMillis - lastMillis > pauseMillis) {
            quietMillis = nowMillis;
        }
        lastMillis = nowMillis;
        return quietMillis != nowMillis;
    }
}
