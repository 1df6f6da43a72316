package io.serveflow.bench;

import io.serveflow.classify.SlowJudge;

import java.util.concurrent.CountDownLatch;

/**
 * Makes the slow models hang until it is let go. Static, because an operator is serialised on its
 * way to the task that runs it.
 */
final class SlowBrake {

    private static volatile CountDownLatch brake = new CountDownLatch(0);

    private SlowBrake() {}

    static void pull() {
        brake = new CountDownLatch(1);
    }

    static void letGo() {
        brake.countDown();
    }

    /** The same judge, which waits wherever the brake is pulled. */
    static SlowJudge behind(SlowJudge judge) {
        return flows -> {
            try {
                brake.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("closed while the brake was pulled", e);
            }
            return judge.judge(flows);
        };
    }
}
