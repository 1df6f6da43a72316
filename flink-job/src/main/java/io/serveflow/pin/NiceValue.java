package io.serveflow.pin;

import com.sun.jna.Function;
import com.sun.jna.LastErrorException;
import com.sun.jna.Platform;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a thread lets others on its core go first: 0 as all threads do, 19 as far as the kernel
 * has it. On Linux every thread has a nice value of its own; elsewhere it would be the whole
 * process's, and is left alone. Java's own thread priorities do nothing on Linux unless the JVM is
 * told to heed them.
 */
public final class NiceValue {

    public static final int MOST = 19;

    private static final Logger LOG = LoggerFactory.getLogger(NiceValue.class);

    private static final int PRIO_PROCESS = 0;
    private static final int CALLING_THREAD = 0;

    private NiceValue() {}

    /**
     * Sets the value of the calling thread, and so of those that it starts. Raising it needs no
     * right; where it fails, it is logged.
     */
    public static void set(int value) {
        if (value == 0 || !Platform.isLinux()) {
            return;
        }
        try {
            // By name: JNA keeps every interface that it maps, and with it the job's class loader.
            Function setpriority =
                    Function.getFunction(
                            Platform.C_LIBRARY_NAME, "setpriority", Function.THROW_LAST_ERROR);
            setpriority.invokeInt(new Object[] {PRIO_PROCESS, CALLING_THREAD, value});
        } catch (LastErrorException | LinkageError e) {
            LOG.warn("thread keeps its nice value, {} was asked for: {}", value, e.getMessage());
        }
    }
}
