package io.serveflow.bench;

import javax.management.JMException;
import javax.management.ObjectName;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bytes of the objects on this JVM's heap that are in use. */
final class HeapContent {

    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private static final int ENOUGH = 20;

    private HeapContent() {}

    /** As {@link #bytes()}, once threads have let go of what they were working on. */
    static long settled() {
        long least = bytes();
        for (int i = 0, same = 0; same < 3 && i < ENOUGH; i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long now = bytes();
            same = now < least * 0.995 ? 0 : same + 1;
            least = Math.min(least, now);
        }
        return least;
    }

    /**
     * Collects garbage and adds up what is left, object by object: the parallel collector leaves
     * dead objects where moving them is not worth it, and what a heap has free does not tell them
     * from others.
     */
    private static long bytes() {
        Object histogram;
        try {
            histogram =
                    ManagementFactory.getPlatformMBeanServer()
                            .invoke(
                                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                                    "gcClassHistogram",
                                    new Object[] {new String[0]},
                                    new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IllegalStateException(
                    "this Java has no class histogram; leave out state with --skip-state", e);
        }
        Matcher total = TOTAL.matcher(histogram.toString());
        if (!total.find()) {
            throw new IllegalStateException("no total in the class histogram of this Java");
        }
        return Long.parseLong(total.group(1));
    }
}
